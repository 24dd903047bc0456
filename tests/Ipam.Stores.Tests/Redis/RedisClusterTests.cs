using System.Collections.Concurrent;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>What a cluster does that one server doesn't: it moves keys about.</summary>
[Collection(RedisClusterCollection.Name)]
public sealed class RedisClusterTests : IAsyncLifetime
{
    private const string Space = "default";

    private readonly RedisCluster _cluster;
    private readonly int _slot;
    private RedisStore _store = null!;

    public RedisClusterTests(RedisClusterFixture fixture)
    {
        _cluster = fixture.Cluster;
        _cluster.Flush();
        _slot = _cluster.SlotOf("ipam:{space/default}:revision");
    }

    public async Task InitializeAsync() => _store = await RedisServer.OpenAsync(_cluster.Options);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        // A test that failed may have left a move half-way.
        foreach (var node in _cluster.Nodes)
            node.Tell("CLUSTER", "SETSLOT", $"{_slot}", "STABLE");
    }

    [Fact]
    public async Task One_of_its_nodes_is_enough_to_find_all()
    {
        foreach (var node in _cluster.Nodes)
        {
            await using var store = await RedisServer.OpenAsync(node.Options);
            var spaces = Enumerable.Range(0, 6).Select(i => $"space-{node.Port}-{i}").ToList();
            foreach (var space in spaces)
                await GiveAsync(store, Some.NoBlock(space: space), Some.Lease("10.0.0.1", space: space));
            Assert.Empty(spaces.Except(await _store.ListSpacesAsync(default)));
        }
    }

    [Fact]
    public async Task It_has_one_database()
    {
        await using var store = new RedisStore(_cluster.Options with { Database = 1 });

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains("a cluster has database 0 only; correct the database 1 in the store's URL", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsPermanent);
    }

    [Fact]
    public async Task A_user_needs_two_rights_more()
    {
        foreach (var node in _cluster.Nodes)
            RedisUserTests.AddUser(node, "ipam", [.. RedisUserTests.Needed, "+cluster|slots", "+cluster|nodes"]);
        await using var store = await RedisServer.OpenAsync(_cluster.Options with { User = "ipam", Password = RedisUserTests.Password });

        await RedisUserTests.UseAsync(store);
    }

    [Fact]
    public async Task A_space_is_served_where_its_slot_is_now()
    {
        var block = await GiveAsync(_store, Some.NoBlock(), Some.Lease("10.0.0.1"));

        for (var i = 2; i < 5; i++)
        {
            Move();
            block = await GiveAsync(_store, block, Some.Lease($"10.0.0.{i}"));
        }

        Assert.Equal(4, block.Leases.Count);
        Assert.Equal([block], await ListAsync());
    }

    [Fact]
    public async Task A_space_that_has_moved_is_served_there_before_the_move_is_over()
    {
        var block = await GiveAsync(_store, Some.NoBlock(), Some.Lease("10.0.0.1"));
        var (from, to) = BeginMove();
        while (RedisCluster.MoveKey(_slot, from, to))
        {
        }

        block = await GiveAsync(_store, block, Some.Lease("10.0.0.2"));

        Assert.Equal([block], await _store.ReadBlocksAsync([block.Id], default));
        _cluster.EndMove(_slot, from, to);
        Assert.Equal([block], await ListAsync());
    }

    [Fact]
    public async Task A_space_that_is_half_moved_is_waited_for_and_whatever_is_refused_is_not_written()
    {
        var block = await GiveAsync(_store, Some.NoBlock(), Some.Lease("10.0.0.1"));
        // The last try has a quarter of the time: more than a busy machine stands still. Whoever gets no answer in it can't tell why.
        await using var impatient = await RedisServer.OpenAsync(_cluster.Options with { CallTimeout = TimeSpan.FromSeconds(4) });
        // The same with two sets that aren't there yet, which no node can tell from those that are elsewhere.
        var change = Change.Give(block, Some.Lease("10.0.0.2"), Some.Lease("10.0.0.3") with { Node = "node-x" });
        change = change with { Block = change.Block with { Node = "node-y" } };
        var (from, to) = BeginMove();
        for (var moved = 0; moved < 7; moved++)
        {
            if (moved % 2 == 0)
            {
                var error = await Assert.ThrowsAsync<StoreException>(() => impatient.CommitAsync([change], default));
                Assert.True(error.Message.Contains("TRYAGAIN", StringComparison.Ordinal), error.ToString());
                Assert.Contains("The cluster is moving these keys from node to node", error.Message, StringComparison.Ordinal);
            }
            Assert.True(RedisCluster.MoveKey(_slot, from, to));
        }
        Assert.False(RedisCluster.MoveKey(_slot, from, to));
        var commit = _store.CommitAsync([change], default);
        _cluster.EndMove(_slot, from, to);

        Assert.Equal(CommitStatus.Committed, Assert.Single(await commit).Status);
        var read = Assert.Single(await ListAsync());
        Assert.Equal(block.Version + 1, read.Version);
        Assert.Equal(change.Block.Leases, read.Leases);
        await AssertConsistentAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_while_slots_move_under_load()
    {
        using var enough = new CancellationTokenSource();
        var truth = new ConcurrentDictionary<BlockId, Block>();
        var working = Enumerable.Range(0, 6).Select(i => Task.Run(() => WorkAsync(i, truth, enough.Token))).ToList();
        for (var i = 0; i < 9; i++)
        {
            Move();
            await Task.Delay(100);
        }
        await enough.CancelAsync();
        var commits = (await Task.WhenAll(working)).Sum();

        Assert.True(commits > 50, $"{commits} commits");
        Assert.Equal(truth.Values.OrderBy(block => block.Id.Index), (await ListAsync()).OrderBy(block => block.Id.Index));
        await AssertConsistentAsync();
    }

    // Gives and releases addresses of a few blocks of its own, on changing nodes, and knows what it was told. Versions are the proof that
    // nothing was done twice.
    private async Task<int> WorkAsync(int worker, ConcurrentDictionary<BlockId, Block> truth, CancellationToken cancellationToken)
    {
        var random = new Random(worker);
        var commits = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var none = Some.NoBlock($"10.{worker}.{random.Next(3)}.0");
            var block = truth.GetValueOrDefault(none.Id, none);
            var lease = Some.Lease(block.Id.AddressAt(random.Next(4))) with { Node = $"node-{random.Next(3)}" };
            var change = block.LeaseOf(lease.Address) is { } held ? Change.Release(block, held) : Change.Give(block, lease);
            if (random.Next(4) == 0)
                change = change with { Block = change.Block with { Node = random.Next(2) == 0 ? null : $"node-{random.Next(3)}" } };
            if (change.Block.Leases.Count == 0 && random.Next(2) == 0)
                change = change with { Delete = true };
            if (change.Delete && block.Version == 0)
                continue;
            CommitResult result;
            try
            {
                result = Assert.Single(await _store.CommitAsync([change], default));
            }
            catch (StoreException e) when (e.Message.Contains("TRYAGAIN", StringComparison.Ordinal))
            {
                // On a busy machine a slot may move for longer than the store's patience. Then nothing was written: the next version tells.
                continue;
            }
            Assert.Equal(CommitStatus.Committed, result.Status);
            commits++;
            if (change.Delete)
                Assert.True(truth.TryRemove(none.Id, out _));
            else
                truth[none.Id] = change.Block with { Version = result.Version };
        }
        return commits;
    }

    // What the store keeps for looking things up says the same as the blocks do.
    private async Task AssertConsistentAsync()
    {
        var blocks = await ListAsync();
        foreach (var node in blocks.SelectMany(block => block.Leases.Select(lease => lease.Node).Append(block.Node)).OfType<string>().Distinct())
        {
            var relevant = blocks.Where(block => block.Node is null || block.Node == node || block.Leases.Any(lease => lease.Node == node)).Select(block => block.Id);
            Assert.Equal(relevant, (await ListAsync(new BlockFilter(Space, node))).Select(block => block.Id));
        }
        foreach (var lease in blocks.SelectMany(block => block.Leases))
            Assert.Equal([lease], await _store.FindLeasesAsync(lease.Owner, null, default));
        Assert.Single(_cluster.Nodes, node => node.Tell("CLUSTER", "COUNTKEYSINSLOT", $"{_slot}") != "0");
    }

    private void Move()
    {
        var (from, to) = BeginMove();
        while (RedisCluster.MoveKey(_slot, from, to))
        {
        }
        _cluster.EndMove(_slot, from, to);
    }

    private (RedisServer From, RedisServer To) BeginMove()
    {
        var from = _cluster.OwnerOf(_slot)!;
        var to = _cluster.Nodes[(_cluster.Nodes.ToList().IndexOf(from) + 1) % _cluster.Nodes.Count];
        _cluster.BeginMove(_slot, to);
        return (from, to);
    }

    private static async Task<Block> GiveAsync(RedisStore store, Block block, Lease lease)
    {
        var change = Change.Give(block, lease);
        var result = Assert.Single(await store.CommitAsync([change], default));
        Assert.Equal(CommitStatus.Committed, result.Status);
        return change.Block with { Version = result.Version };
    }

    private Task<List<Block>> ListAsync() => ListAsync(BlockFilter.All);

    private async Task<List<Block>> ListAsync(BlockFilter filter)
    {
        var blocks = new List<Block>();
        await foreach (var page in _store.ListBlocksAsync(filter, default))
            blocks.AddRange(page);
        return blocks;
    }
}
