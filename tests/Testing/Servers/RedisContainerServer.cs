using System.Net.Sockets;
using Testcontainers.Redis;

namespace Testing.Servers;

/// <summary>A Redis server in a container, set up as <see cref="RedisServer"/> sets one up; for all tests of a class.</summary>
public sealed class RedisContainerServer : IAsyncLifetime
{
    private RedisContainer? _container;
    private ContainerEngine? _engine;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => _container!.GetMappedPublicPort(RedisBuilder.RedisPort);

    public async Task InitializeAsync()
    {
        if (ContainerImage.Redis.WhyMissing is not null)
            return;
        _engine = ContainerEngine.Find()!;
        // The image's entry point adds the program: redis-server, or valkey-server.
        _container = ContainerEngine.Ours(new RedisBuilder(ContainerImage.Redis.Name))
            .WithCommand("--appendonly", "yes", "--appendfsync", "always", "--save", "", "--protected-mode", "no").Build();
        await _engine.StartAsync(_container);
    }

    public async Task DisposeAsync()
    {
        if (_container is not null)
            await _container.DisposeAsync();
        _engine?.Dispose();
    }

    /// <summary>Takes away all that it holds.</summary>
    public async Task EmptyAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port);
        await client.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("+OK", await reader.ReadLineAsync());
    }
}

/// <summary>Marks a class whose tests need <see cref="RedisContainerServer"/>.</summary>
public sealed class NeedsRedisContainerAttribute() : NeedsAttribute(ContainerImage.Redis.WhyMissing);
