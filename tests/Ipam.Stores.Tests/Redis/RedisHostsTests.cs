using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>A master and its replica, named both, without Sentinels.</summary>
public sealed class RedisHostsTests : IAsyncLifetime
{
    private RedisServer _first = null!;
    private RedisServer _second = null!;

    private RedisStoreOptions Both => _first.Options with
    {
        Hosts = [.. _second.Options.Hosts, .. _first.Options.Hosts],
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };

    public async Task InitializeAsync()
    {
        _first = await RedisServer.StartNewAsync();
        _second = await RedisServer.StartNewAsync("--replicaof", "127.0.0.1", $"{_first.Port}");
        await Wait.UntilAsync(() => _second.Tell("INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal));
    }

    public Task DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_master_is_found_in_any_place_and_after_they_changed_roles_the_other_one()
    {
        await using var store = await RedisServer.OpenAsync(Both);
        await GiveAsync(store, "10.0.0.1");
        await Wait.UntilAsync(() => _second.Tell("HLEN", "ipam:{space/default}:leases") == "1");

        _second.Tell("REPLICAOF", "NO", "ONE");
        _first.Tell("REPLICAOF", "127.0.0.1", $"{_second.Port}");

        await RedisServer.RecoverAsync(() => GiveAsync(store, "10.0.1.1"));
        Assert.Equal("2", _second.Tell("HLEN", "ipam:{space/default}:leases"));
    }

    [Fact]
    public async Task The_replica_goes_on_once_it_was_made_the_master()
    {
        await using var store = await RedisServer.OpenAsync(Both);
        await GiveAsync(store, "10.0.0.1");
        await Wait.UntilAsync(() => _second.Tell("HLEN", "ipam:{space/default}:leases") == "1");

        _first.Kill();
        _second.Tell("REPLICAOF", "NO", "ONE");

        await RedisServer.RecoverAsync(() => GiveAsync(store, "10.0.1.1"));
        Assert.Equal(2, (await store.ListSummariesAsync(BlockFilter.All, default)).Count);
    }

    [Fact]
    public async Task Two_masters_are_refused_as_nobody_can_tell_whose_leases_count()
    {
        _second.Tell("REPLICAOF", "NO", "ONE");
        await using var store = new RedisStore(Both);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains(" are masters, each with data of its own; name one master and its replicas, or nodes of one cluster", error.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{_first.Port}", error.Message, StringComparison.Ordinal);
    }

    private static async Task GiveAsync(RedisStore store, string address) =>
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([Change.Give(Some.NoBlock(address), Some.Lease(address))], default))[0].Status);
}
