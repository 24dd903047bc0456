using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;
using Ipam.Stores.Tests.Redis;

namespace Ipam.Stores.Tests.Cost;

/// <summary>What a node asks of its store in ten minutes in which nothing happens, by the clock of a test: its guard every second, its upkeep every ten.</summary>
public sealed class IdleNodeTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task An_idle_node_asks_Kubernetes_less_than_twice_a_minute()
    {
        var memory = new MemoryApi();
        await using var api = new FakeApi(request => request.Path.Contains("watch=1", StringComparison.Ordinal) ? FakeReply.Silence : memory.Answer(request));
        await using var store = new KubernetesStore(new KubernetesUrl(await api.KubeconfigAsync()), _time);
        await store.OpenAsync(default);

        await PassAsync(store, () => api.Requests.Clear());

        var asked = api.Requests.GroupBy(static request => $"{request.Method} {request.Path.Split('?')[0]}").Select(static some => $"{some.Key}: {some.Count()}");
        Assert.True(api.Requests.Count <= 2 * Idle.TotalMinutes, string.Join('\n', asked));
    }

    [RequiresFact("redis-server")]
    public async Task An_idle_node_asks_Redis_less_than_twice_a_second()
    {
        using var server = await RedisServer.StartNewAsync("--appendfsync", "no");
        await using var store = await RedisServer.OpenAsync(server.Options);
        long before = 0;
        await PassAsync(store, () => before = LookUpTests.CommandsOf(server));
        Assert.InRange(LookUpTests.CommandsOf(server) - before, 1, 2 * (long)Idle.TotalSeconds);
    }

    private async Task PassAsync(IIpamStore store, Action begin)
    {
        await using var allocator = new Allocator(store, new AllocatorOptions { Node = "node" }, _time, new Random(1));
        var guard = new StoreGuard(store, allocator, new StoreGuardOptions { Node = "node", Instance = "machine" }, new Nobody(), _time);
        await guard.StartAsync(null, NodeMemory.Nothing, static () => { }, default);
        await allocator.StartAsync(default);
        await store.Pools.ReadRevisionAsync(default);
        begin();
        for (var second = 0; second < Idle.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await guard.TurnAsync(default);
            if (second % 10 == 0)
                await allocator.TidyAsync(default);
        }
        Assert.Null(allocator.Obstacle);
    }

    private sealed class Nobody : IStoreGuardObserver
    {
        public void Held(string reason)
        {
        }

        public void Asserted(ReassertionReport report)
        {
        }

        public void Resumed()
        {
        }

        public void Saw(StorePast past)
        {
        }
    }
}
