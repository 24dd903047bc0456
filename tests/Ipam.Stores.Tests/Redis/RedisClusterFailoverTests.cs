using System.Collections.Concurrent;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>A cluster whose first master has a replica, and loses.</summary>
public sealed class RedisClusterFailoverTests : IAsyncLifetime
{
    private RedisCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RedisCluster.StartAsync(replicas: 1);

    public Task DisposeAsync()
    {
        _cluster?.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_commit_that_a_replica_must_have_asks_the_master_that_wrote_it_and_outlives_that_master()
    {
        await using var store = await RedisServer.OpenAsync(_cluster.Options with { Replicas = 1, ReplicaTimeout = TimeSpan.FromSeconds(4), CallTimeout = TimeSpan.FromSeconds(2) });
        var (copied, uncopied) = (SpaceOn(_cluster.Nodes[0]), SpaceOn(_cluster.Nodes[1]));
        await using var hasty = await RedisServer.OpenAsync(_cluster.Options with { Replicas = 1, ReplicaTimeout = TimeSpan.FromMilliseconds(100) });
        var refusal = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(hasty, uncopied, "10.0.0.1"));
        Assert.Contains("only 0 of the 1 replicas asked for have it", refusal.Message, StringComparison.Ordinal);
        var answered = new ConcurrentBag<BlockId>();
        var refused = new ConcurrentBag<StoreException>();
        using var enough = new CancellationTokenSource();
        var giving = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var j = 0; !enough.IsCancellationRequested; j++)
            {
                try
                {
                    answered.Add(await GiveAsync(store, copied, $"10.{i}.{j / 4}.{j % 4 * 64}"));
                }
                catch (StoreException e)
                {
                    refused.Add(e);
                    await Task.Delay(20);
                }
            }
        })).ToList();
        await Wait.UntilAsync(() => answered.Count > 100);

        _cluster.Nodes[0].Kill();

        await Wait.UntilAsync(() => _cluster.OwnerOf(_cluster.SlotOf(KeyOf(copied))) == _cluster.Nodes[3]);
        await enough.CancelAsync();
        await Task.WhenAll(giving);
        await using var afterwards = await RedisServer.OpenAsync(_cluster.Options);
        var held = (await afterwards.ReadBlocksAsync(answered, default)).ToDictionary(block => block.Id);
        Assert.All(answered, id => Assert.Single(held[id].Leases));
        Assert.NotEmpty(refused);
        // Both go on, the one that was there when it happened, too.
        await RedisServer.RecoverAsync(() => store.ReadBlocksAsync([answered.First()], default));
        await GiveAsync(afterwards, copied, "10.200.0.0");
    }

    private string SpaceOn(RedisServer node) =>
        Enumerable.Range(0, 100).Select(static i => $"space-{i}").First(space => _cluster.OwnerOf(_cluster.SlotOf(KeyOf(space))) == node);

    private static string KeyOf(string space) => $"ipam:{{space/{space}}}:revision";

    private static async Task<BlockId> GiveAsync(RedisStore store, string space, string address)
    {
        var change = Change.Give(Some.NoBlock(address, space), Some.Lease(address, space: space));
        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);
        return change.Block.Id;
    }
}
