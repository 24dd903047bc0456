using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>A master that Sentinels know, and its successor.</summary>
public sealed class RedisSentinelTests
{
    [Fact]
    public async Task The_master_is_found_and_after_a_failover_the_new_one()
    {
        using var first = await RedisServer.StartNewAsync();
        using var second = await RedisServer.StartNewAsync("--replicaof", "127.0.0.1", $"{first.Port}");
        using var sentinel = new RedisServer(first, "main");
        await sentinel.StartAsync();
        await using var store = await RedisServer.OpenAsync(sentinel.Options with
        {
            SentinelName = "main",
            Replicas = 1,
            ReplicaTimeout = TimeSpan.FromSeconds(4),
        });
        Assert.Equal($"redis://127.0.0.1:{sentinel.Port}/0?sentinel=main", store.Description);
        var block = Some.NoBlock();
        await store.CommitAsync([Change.Give(block, Some.Lease("10.0.0.1"))], default);

        first.Kill();
        await RedisServer.RecoverAsync(store);

        Assert.Single(await store.ReadBlocksAsync([block.Id], default));
        Assert.StartsWith("master", second.Tell("ROLE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_Sentinel_knows_is_refused()
    {
        using var server = await RedisServer.StartNewAsync();
        using var sentinel = new RedisServer(server, "main");
        await sentinel.StartAsync();
        await using var store = new RedisStore(sentinel.Options with { SentinelName = "mian" });

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains("the Sentinels don't know a master named 'mian'", error.Message, StringComparison.Ordinal);
    }
}
