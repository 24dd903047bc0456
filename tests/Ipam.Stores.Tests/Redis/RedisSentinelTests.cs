using System.Net;
using System.Net.Sockets;
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
    public async Task Sentinels_have_a_user_of_their_own()
    {
        using var server = await RedisServer.StartNewAsync();
        using var sentinel = new RedisServer(server, "main", "user default off", "user watcher on >s3cret -@all +sentinel|get-master-addr-by-name +ping +info");
        await sentinel.StartAsync();
        var options = sentinel.Options with { SentinelName = "main", SentinelUser = "watcher", SentinelPassword = "s3cret", ConnectTimeout = TimeSpan.FromSeconds(2) };

        await using (var store = await RedisServer.OpenAsync(options))
            Assert.Null(await store.Leaders.FindAsync("gc", default));
        foreach (var wrong in new[] { options with { SentinelPassword = "wr0ng" }, options with { SentinelUser = null, SentinelPassword = null } })
        {
            await using var store = new RedisStore(wrong);
            var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
            Assert.Contains("failed to ask the Sentinels for the master: ", error.Message, StringComparison.Ordinal);
            Assert.Contains("The Sentinels want a user or a password, or other ones; give them by sentinelUser=USER", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sentinels_that_say_nothing_cost_no_time_while_another_one_answers()
    {
        using var server = await RedisServer.StartNewAsync();
        using var sentinel = new RedisServer(server, "main");
        await sentinel.StartAsync();
        using TcpListener first = new(IPAddress.Loopback, 0), second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        var hosts = new[] { first, second }.Select(static silent => ("127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port)).Append(("127.0.0.1", sentinel.Port));
        var options = sentinel.Options with { SentinelName = "main", Hosts = [.. hosts], ConnectTimeout = TimeSpan.FromMinutes(1) };

        await using var store = await RedisServer.OpenAsync(options).WaitAsync(TimeSpan.FromSeconds(30));

        await store.PingAsync(default);
    }

    [Fact]
    public async Task A_Sentinel_that_is_down_is_passed_over()
    {
        using var server = await RedisServer.StartNewAsync();
        using var sentinel = new RedisServer(server, "main");
        await sentinel.StartAsync();

        await using var store = await RedisServer.OpenAsync(sentinel.Options with { Hosts = [("127.0.0.1", Ports.Free()), .. sentinel.Options.Hosts], SentinelName = "main" });

        await store.PingAsync(default);
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
