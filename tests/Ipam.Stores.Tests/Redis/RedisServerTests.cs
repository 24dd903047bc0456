using System.Diagnostics;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>What a server does, and how it may be set up.</summary>
public sealed class RedisServerTests
{
    [Fact]
    public async Task What_was_committed_outlives_a_server_that_is_killed()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        var answered = new List<BlockId>();
        using var enough = new SemaphoreSlim(0);
        var giving = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                for (var j = 0; ; j++)
                {
                    var id = await GiveAsync(store, $"10.{i}.{j % 256}.1");
                    lock (answered)
                        answered.Add(id);
                    enough.Release();
                }
            }
            catch (StoreException)
            {
                // The server is gone.
            }
        })).ToList();
        for (var i = 0; i < 200; i++)
            await enough.WaitAsync();

        server.Kill();
        await Task.WhenAll(giving);
        await server.StartAsync();
        await RedisServer.RecoverAsync(store);

        var held = (await store.ReadBlocksAsync(answered, default)).Where(block => block.Leases.Count == 1).Select(block => block.Id).ToHashSet();
        Assert.Empty(answered.Except(held));
        Assert.Empty(store.Warnings);
        await GiveAsync(store, "10.200.0.1");
    }

    [Fact]
    public async Task A_server_that_stands_still_is_an_error_and_goes_on_where_it_was()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options with { CallTimeout = TimeSpan.FromSeconds(1) });
        var id = await GiveAsync(store, "10.0.0.1");
        server.Signal("STOP");
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(store, "10.0.1.1"));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("no answer within 1 s", error.Message, StringComparison.Ordinal);
        server.Signal("CONT");
        await RedisServer.RecoverAsync(store);
        Assert.Single(await store.ReadBlocksAsync([id], default));
    }

    [Fact]
    public async Task A_server_without_memory_refuses_commits_and_says_so()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        var id = await GiveAsync(store, "10.0.0.1");
        server.Tell("CONFIG", "SET", "maxmemory", "1");

        foreach (var address in (string[])["10.0.1.1", "10.0.0.2"])
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(store, address));
            Assert.Contains("The server's memory is full", error.Message, StringComparison.Ordinal);
        }
        Assert.Single(await store.ReadBlocksAsync([id], default));
        server.Tell("CONFIG", "SET", "maxmemory", "0");
        await GiveAsync(store, "10.0.1.1");
    }

    [Fact]
    public async Task A_server_with_too_few_replicas_for_itself_refuses_commits_and_says_so()
    {
        using var server = await RedisServer.StartNewAsync("--min-replicas-to-write", "1");
        await using var store = await RedisServer.OpenAsync(server.Options);

        var error = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(store, "10.0.0.1"));

        Assert.Contains("min-replicas-to-write", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_is_no_server_to_commit_to()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        server.Tell("REPLICAOF", "127.0.0.1", "1");

        var error = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(store, "10.0.0.1"));

        Assert.Contains("The server is a replica, or became one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_waits_for_as_many_replicas_as_asked_for()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options with { Replicas = 1, ReplicaTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<StoreException>(() => GiveAsync(store, "10.0.0.1"));
        Assert.Contains("the commit is written on the master, and only 0 of the 1 replicas asked for have it after 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Single(await store.ReadBlocksAsync([Some.NoBlock().Id], default));

        using var replica = new RedisServer("--replicaof", "127.0.0.1", $"{server.Port}");
        await replica.StartAsync();
        await using var patient = await RedisServer.OpenAsync(server.Options with { Replicas = 1, ReplicaTimeout = TimeSpan.FromSeconds(4), CallTimeout = TimeSpan.FromSeconds(10) });
        await GiveAsync(patient, "10.0.1.1");
        Assert.Equal("2", replica.Tell("HLEN", "ipam:{space/default}:leases"));
    }

    [Theory]
    [InlineData("appendonly", "no", "the server has 'appendonly no'")]
    [InlineData("appendfsync", "everysec", "the server has 'appendfsync everysec'")]
    [InlineData("maxmemory-policy", "allkeys-lru", "the server has 'maxmemory-policy allkeys-lru'")]
    public async Task A_server_that_may_lose_leases_is_warned_of(string setting, string value, string warning)
    {
        using var server = await RedisServer.StartNewAsync($"--{setting}", value);
        await using var store = await RedisServer.OpenAsync(server.Options);

        Assert.Contains(warning, Assert.Single(store.Warnings), StringComparison.Ordinal);
        // Who logs it says which store.
        Assert.StartsWith("the server has ", store.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_doesnt_show_its_settings_is_warned_of()
    {
        using var server = await RedisServer.StartNewAsync("--rename-command", "CONFIG", "");
        await using var store = await RedisServer.OpenAsync(server.Options);

        Assert.Contains("can't be told, as it refuses CONFIG GET", Assert.Single(store.Warnings), StringComparison.Ordinal);
        await GiveAsync(store, "10.0.0.1");
    }

    [Fact]
    public async Task Databases_of_one_server_are_stores_of_their_own()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var one = await RedisServer.OpenAsync(server.Options);
        await using var two = await RedisServer.OpenAsync(server.Options with { Database = 2 });
        await GiveAsync(one, "10.0.0.1");

        Assert.Empty(await two.ListSummariesAsync(BlockFilter.All, default));
        await GiveAsync(two, "10.0.0.1");
        Assert.EndsWith("/2", two.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_asked_for_and_taken()
    {
        using var server = await RedisServer.StartNewAsync("--requirepass", "p a:s@s/%");

        await using (var store = await RedisServer.OpenAsync(server.Options with { Password = "p a:s@s/%" }))
            await GiveAsync(store, "10.0.0.1");
        foreach (var password in new[] { null, "wrong" })
        {
            await using var store = new RedisStore(server.Options with { Password = password, ConnectTimeout = TimeSpan.FromSeconds(2) });
            var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
            Assert.Contains($"Redis store redis://127.0.0.1:{server.Port}/0: failed to connect", error.Message, StringComparison.Ordinal);
            Assert.True(error.Message.Contains("password", StringComparison.Ordinal), error.ToString());
        }
    }

    [Theory]
    [InlineData("HDEL", "ipam:{space/default}:leases", "40a000001", "is held, and there is no lease of it")]
    [InlineData("HSET", "ipam:{space/default}:leases", "40a000001", "the lease of 10.0.0.1 in space 'default' can't be read")]
    [InlineData("HSET", "ipam:{space/default}:heads", "40a000000", "is no head of a block")]
    [InlineData("HDEL", "ipam:{space/default}:heads", "40a000000", "no head of their block")]
    public async Task Data_that_somebody_edited_are_a_damaged_block_that_says_what_and_where(string command, string key, string field, string fault)
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        await GiveAsync(store, "10.0.0.1");
        server.Tell(command == "HSET" ? [command, key, field, "1 00000000000000ff spoiled"] : [command, key, field]);

        var damaged = new List<DamagedBlock>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
        {
            Assert.Empty(page.Whole);
            damaged.AddRange(page.Damaged);
        }

        var block = Assert.Single(damaged);
        Assert.Equal("default 10.0.0.0/26", block.Id.ToString());
        Assert.Contains(fault, block.Why, StringComparison.Ordinal);
        Assert.Contains("look at the field 40a000000 of the hash ipam:{space/default}:heads", block.Why, StringComparison.Ordinal);
        Assert.Equal(block.Id, Assert.Single((await store.ReadBlocksAsync([block.Id!.Value], default)).Damaged).Id);
    }

    [Fact]
    public async Task A_lease_ends_though_somebody_spoiled_the_index_of_owners()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        var block = Assert.Single(await store.ReadBlocksAsync([await GiveAsync(store, "10.0.0.1")], default));
        server.Tell("DEL", "ipam:{space/default}:owners");

        var result = Assert.Single(await store.CommitAsync([Change.Release(block, [.. block.Leases])], default));
        Assert.Equal(CommitStatus.Committed, result.Status);
        Assert.Equal(0UL, Assert.Single(await store.ReadBlocksAsync([block.Id], default)).Held);
    }

    [Fact]
    public async Task An_entry_of_the_index_of_owners_that_leads_to_anothers_lease_keeps_nobody_from_a_lease_and_ends_none()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        var block = Assert.Single(await store.ReadBlocksAsync([await GiveAsync(store, "10.0.0.1")], default));
        var owner = Some.Owner();
        server.Tell("HSET", "ipam:{space/default}:owners", $"{owner.Network}/{owner.ContainerId}/{owner.InterfaceName}", "0:40a000001:7;");

        Assert.Empty(await store.FindLeasesAsync(owner, null, default));
        var lease = Some.Lease("10.0.0.2", owner);
        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([Change.Give(block, lease)], default)).Status);
        Assert.Equal([lease], await store.FindLeasesAsync(owner, null, default));
    }

    [Fact]
    public async Task A_commit_that_doesnt_know_what_the_block_holds_is_a_conflict_and_writes_nothing()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);
        var block = Assert.Single(await store.ReadBlocksAsync([await GiveAsync(store, "10.0.0.1")], default));

        var unaware = new BlockChange(new Block(block.Id, []) { Version = block.Version }, [], []);
        var result = Assert.Single(await store.CommitAsync([unaware], default));
        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([block], result.Current);
        Assert.Equal([block], await store.ReadBlocksAsync([block.Id], default));
    }

    [Fact]
    public async Task A_lease_outside_of_the_changed_block_is_the_callers_mistake()
    {
        using var server = await RedisServer.StartNewAsync();
        await using var store = await RedisServer.OpenAsync(server.Options);

        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync([new BlockChange(Some.NoBlock(), [Some.Lease("10.0.0.64")], [])], default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.CommitAsync([Change.Give(Some.NoBlock(space: "\ud83e"))], default));
        Assert.Empty(await store.ListSummariesAsync(BlockFilter.All, default));
    }

    private static async Task<BlockId> GiveAsync(RedisStore store, string address)
    {
        var change = Change.Give(Some.NoBlock(address), Some.Lease(address));
        await store.CommitAsync([change], default);
        return change.Block.Id;
    }
}
