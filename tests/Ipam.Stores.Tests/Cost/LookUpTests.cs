using System.Globalization;
using Ipam.Stores.Tests.Kubernetes.Support;
using Ipam.Stores.Tests.Redis;
using Ipam.Stores.Tests.Sqlite;

namespace Ipam.Stores.Tests.Cost;

/// <summary>How often a node asks its store, on each store. Counted, not timed.</summary>
public sealed class LookUpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_pool_is_cheap_on_SQLite()
    {
        await using var store = await TestStores.OpenAsync(_folder.Combine("ipam.db"));
        await new CrowdedStore(store, () => store.Reads).EnsureAFullPoolIsCheapAsync();
    }

    [Fact]
    public async Task Borrowing_is_bounded_on_SQLite()
    {
        await using var store = await TestStores.OpenAsync(_folder.Combine("ipam.db"));
        await new CrowdedStore(store, () => store.Reads).EnsureBorrowingIsBoundedAsync(mostLookUps: 1);
    }

    [RequiresFact("redis-server")]
    public async Task A_full_pool_is_cheap_on_Redis()
    {
        using var server = await RedisServer.StartNewAsync("--appendfsync", "no");
        await using var store = await RedisServer.OpenAsync(server.Options);
        await new CrowdedStore(store, () => CommandsOf(server)).EnsureAFullPoolIsCheapAsync();
    }

    [RequiresFact("redis-server")]
    public async Task Borrowing_is_bounded_on_Redis()
    {
        using var server = await RedisServer.StartNewAsync("--appendfsync", "no");
        await using var store = await RedisServer.OpenAsync(server.Options);
        // One script that reads, one that commits, and what these do inside.
        await new CrowdedStore(store, () => CommandsOf(server)).EnsureBorrowingIsBoundedAsync(mostLookUps: 64);
    }

    [Fact]
    public async Task A_full_pool_is_cheap_on_Kubernetes()
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        await new CrowdedStore(store, () => BlockRequestsOf(api)).EnsureAFullPoolIsCheapAsync();
    }

    [Fact]
    public async Task Borrowing_is_bounded_on_Kubernetes()
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(memory.Answer);
        await using var store = await api.OpenAsync();
        // The blocks that are read, and the one that is written.
        await new CrowdedStore(store, () => BlockRequestsOf(api)).EnsureBorrowingIsBoundedAsync(mostLookUps: 9);
    }

    private static long BlockRequestsOf(FakeApi api) => api.Requests.Count(static request => request.Path.Contains("/ipblocks", StringComparison.Ordinal));

    /// <summary>Commands that the server carried out, those of scripts among them. The client's heartbeat doesn't count, nor the question itself.</summary>
    internal static long CommandsOf(RedisServer server) => server.Tell("INFO", "commandstats").Split('\n')
        .Where(static line => line.StartsWith("cmdstat_", StringComparison.Ordinal)
            && !line.StartsWith("cmdstat_info", StringComparison.Ordinal) && !line.StartsWith("cmdstat_ping", StringComparison.Ordinal)
            && !line.StartsWith("cmdstat_client", StringComparison.Ordinal) && !line.StartsWith("cmdstat_hello", StringComparison.Ordinal))
        .Sum(static line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
}
