using System.Net;

namespace EndToEnd.Support.Stores;

/// <summary>A Redis server that keeps what it acknowledges.</summary>
internal sealed class RedisStoreServer : StoreServer
{
    private readonly RedisServer _server;
    private readonly IPAddress _address;
    private readonly TempFolder _copy = new();

    private RedisStoreServer(RedisServer server, IPAddress address) => (_server, _address) = (server, address);

    public static async Task<RedisStoreServer> StartAsync(IPAddress address)
    {
        // Without a password a server in protected mode serves its own machine only.
        string[] others = IPAddress.IsLoopback(address) ? [] : ["--bind", $"{address}", "--protected-mode", "no"];
        return new RedisStoreServer(await RedisServer.StartNewAsync(others), address);
    }

    public override int? Port => _server.Port;

    public override string Url(int? port = null) => $"redis://{_address}:{port ?? _server.Port}/0";

    public override Task SaveAsync()
    {
        _server.CopyData(_copy.Path);
        return Task.CompletedTask;
    }

    public override async Task RestoreAsync()
    {
        _server.Kill();
        _server.ReplaceData(_copy.Path);
        await _server.StartAsync();
    }

    public override Task EmptyAsync() => Task.FromResult(_server.Tell("FLUSHALL"));

    public override ValueTask DisposeAsync()
    {
        _server.Dispose();
        _copy.Dispose();
        return ValueTask.CompletedTask;
    }
}
