using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Recovery;

public sealed class StoreGuardTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new(StoreMode.PerBlock) { IsSharedByNodes = true };
    private readonly ManualTimeProvider _time = new(Some.Instant);

    private InMemoryNodes Nodes => (InMemoryNodes)_store.Nodes;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_store_with_another_identity_is_held_until_the_leases_are_there_again()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");

        Lose(new StorePast("second", 1));
        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("c2"));
        await node.TurnAsync();
        Assert.True(_store.Content.Holds(lease));
        Assert.Contains("waiting 10 s", node.Told[^1], StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(11));
        await node.TurnAsync();
        Assert.Null(node.Node.Allocator.Obstacle);
        Assert.NotEqual(lease.Address, (await node.AddAsync("c2")).Address);
    }

    /// <summary>No node has handed them out: those that know them bring them back, unless somebody has the address by then.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Static_leases_are_there_again_and_stand_in_nobodys_way(bool isGivenAway)
    {
        var shared = AddStatic(Address.Parse("10.9.0.9"));
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");
        var own = AddStatic(lease.Address with { Value = lease.Address.Value + 1 });
        await node.AddAsync("c2");

        Lose(new StorePast("second", 1));
        var other = shared with { Owner = new Owner("net", "other", "eth0"), Node = "b" };
        if (isGivenAway)
            other = Commit(other);
        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("c3"));
        await node.TurnAsync();

        Assert.True(_store.Content.Holds(lease));
        Assert.True(_store.Content.Holds(own));
        Assert.True(_store.Content.Holds(isGivenAway ? other : shared));
        Assert.Empty(node.Conflicts);
    }

    private Lease AddStatic(Address address)
    {
        var lease = Some.Lease(address.ToString()) with { Node = "" };
        return Commit(lease with { Owner = Owner.Static("outside", "printer", lease.Space, address) });
    }

    /// <summary>By somebody who knows of no other past of the store.</summary>
    private Lease Commit(Lease unnumbered)
    {
        var id = BlockId.Of(unnumbered.Space, unnumbered.Address);
        var block = _store.Content.Find(id) ?? new Block(id, []);
        var lease = unnumbered with { Sequence = Math.Max(block.LastSequence, unnumbered.Sequence) + 1 };
        Assert.Equal(CommitStatus.Committed, _store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status);
        return lease;
    }

    [Fact]
    public async Task A_node_waits_for_those_that_it_knows_to_be_alive_until_an_admin_accepts_the_loss()
    {
        await using var other = await GuardedNode.StartAsync(_store, _time, "b");
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        await node.AddAsync("c1");

        Lose(new StorePast("second", 1));
        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("c2"));
        for (var turn = 0; turn < 50; turn++)
        {
            await node.TurnAsync();
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Contains("waiting for node b to assert leases", node.Told[^1], StringComparison.Ordinal);

        await _store.Past.AcceptAsync("second", default);
        await node.TurnAsync();
        await node.AddAsync("c2");
    }

    [Fact]
    public async Task Nodes_that_all_asserted_their_leases_go_on()
    {
        await using var b = await GuardedNode.StartAsync(_store, _time, "b");
        await using var a = await GuardedNode.StartAsync(_store, _time, "a");
        // The one knows the other from the start, and the other way round from the next look.
        Lease[] leases = [await a.AddAsync("c1"), await b.AddAsync("c2")];

        Lose(new StorePast("second", 1));
        for (var turn = 0; turn < 5; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await a.TurnAsync();
            await b.TurnAsync();
        }
        Assert.Null(a.Node.Allocator.Obstacle);
        Assert.Null(b.Node.Allocator.Obstacle);
        Assert.All(leases, lease => Assert.True(_store.Content.Holds(lease)));
    }

    [Fact]
    public async Task A_node_that_was_silent_for_less_than_half_a_minute_is_waited_for()
    {
        await using var other = await GuardedNode.StartAsync(_store, _time, "b");
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        for (var turn = 0; turn < 5; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await node.TurnAsync();
        }

        Lose(new StorePast("second", 1));
        for (var turn = 0; turn < 10; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await node.TurnAsync();
        }
        Assert.Contains("waiting for node b to assert leases", node.Told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_waits_for_a_node_that_stopped(bool isShared)
    {
        _store.IsSharedByNodes = isShared;
        Assert.True(await Nodes.PutAsync(new NodeEntry("b", "second", "", "host", "first", 7), null, default));
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        await node.AddAsync("c1");

        _store.Content.Clear();
        _store.Pasts.Current = new StorePast("second", 1);
        for (var turn = 0; turn < 3; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(11));
            await node.TurnAsync();
        }
        Assert.Null(node.Node.Allocator.Obstacle);
    }

    [Fact]
    public async Task On_one_machine_a_node_that_is_alone_goes_on_at_once()
    {
        _store.IsSharedByNodes = false;
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");

        Lose(new StorePast("second", 1));
        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("c2"));
        await node.TurnAsync();
        Assert.NotEqual(lease.Address, (await node.AddAsync("c2")).Address);
    }

    [Fact]
    public async Task On_one_machine_a_node_waits_for_all_that_are_registered_those_of_which_it_has_not_heard_included()
    {
        _store.IsSharedByNodes = false;
        await using var a = await GuardedNode.StartAsync(_store, _time, "a");
        await using var b = await GuardedNode.StartAsync(_store, _time, "b");
        Lease[] leases = [await a.AddAsync("c1"), await b.AddAsync("c2")];

        Lose(new StorePast("second", 1));
        _time.Advance(TimeSpan.FromSeconds(5));
        await a.TurnAsync();
        await a.TurnAsync();
        Assert.Contains("waiting for node b to assert leases", a.Told[^1], StringComparison.Ordinal);

        await b.TurnAsync();
        await a.TurnAsync();
        Assert.Null(a.Node.Allocator.Obstacle);
        Assert.All(leases, lease => Assert.True(_store.Content.Holds(lease)));
    }

    [Fact]
    public async Task The_entry_says_which_node_of_the_cluster_has_the_name()
    {
        _store.Cluster = new NodesOfCluster { ["b"] = "uid-0", ["a"] = "uid-1" };
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");

        Assert.Equal("uid-1", await ClusterUidAsync());
    }

    [Fact]
    public async Task A_node_that_joins_the_cluster_later_is_found_and_not_forgotten_when_it_leaves()
    {
        var cluster = new NodesOfCluster { MayAsk = false };
        _store.Cluster = cluster;
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        Assert.Equal("", await ClusterUidAsync());
        await PassAsync(node);
        Assert.Equal("", await ClusterUidAsync());

        (cluster.MayAsk, cluster["a"]) = (true, "uid-1");
        await PassAsync(node);
        Assert.Equal("uid-1", await ClusterUidAsync());

        cluster.Remove("a");
        await PassAsync(node);
        Assert.Equal("uid-1", await ClusterUidAsync());
        cluster.MayAsk = false;
        await PassAsync(node);
        Assert.Equal("uid-1", await ClusterUidAsync());

        (cluster.MayAsk, cluster["a"]) = (true, "uid-2");
        await PassAsync(node);
        Assert.Equal("uid-2", await ClusterUidAsync());
        Assert.Null(node.Node.Allocator.Obstacle);
    }

    [Fact]
    public async Task A_restarted_node_asserts_what_its_mirror_knows()
    {
        Lease lease;
        Block[] blocks;
        await using (var node = await GuardedNode.StartAsync(_store, _time, "a"))
        {
            lease = await node.AddAsync("c1");
            blocks = _store.Content.Blocks;
        }
        Lose(new StorePast("second", 1));

        await using var again = await GuardedNode.StartAsync(_store, _time, "a", new StorePast("first", 1), new NodeMemory([], new HashSet<LeaseToken>(), blocks));
        Assert.NotNull(again.Node.Allocator.Obstacle);
        await again.TurnAsync();
        Assert.True(_store.Content.Holds(lease));
    }

    [Fact]
    public async Task A_lease_in_whose_place_another_one_is_is_reported_and_not_overwritten()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");
        Lose(new StorePast("second", 1));
        var other = lease with { Owner = Some.Owner("other"), Node = "b", Sequence = lease.Sequence + 1 };
        _store.Content.Commit([new BlockChange(new Block(BlockId.Of(other.Space, other.Address), [other]) { Node = "b", LastSequence = other.Sequence }, [other], [])]);

        _time.Advance(TimeSpan.FromSeconds(5));
        await node.TurnAsync();
        Assert.Contains("1 lease of this node can't be asserted as long as others are in the way", node.Told[^1], StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(11));
        await node.TurnAsync();

        Assert.Equal(new LeaseConflict(lease, other), Assert.Single(node.Conflicts));
        Assert.True(_store.Content.Holds(other));
    }

    [Fact]
    public async Task A_block_that_somebody_deleted_is_written_again_at_once()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");
        _store.Content.Clear();

        await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("c2"));
        await node.TurnAsync();

        Assert.True(_store.Content.Holds(lease));
        Assert.Equal("first", _store.Pasts.Current.Identity);
        await node.AddAsync("c2");
    }

    [Fact]
    public async Task A_second_machine_of_the_same_name_is_refused_and_told_who_has_it()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var second = GuardedNode.StartAsync(_store, _time, "a", instance: "second");
        await Task.Delay(50);
        _time.Advance(TimeSpan.FromSeconds(5));
        await node.TurnAsync();
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(5);
        }

        var fault = await Assert.ThrowsAsync<StoreException>(() => second);
        Assert.True(fault.IsPermanent);
        Assert.Contains("the node name 'a' is in use by another machine: host of first", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_whose_machine_is_silent_for_long_is_free()
    {
        await using var first = await GuardedNode.StartAsync(_store, _time, "a");
        var second = GuardedNode.StartAsync(_store, _time, "a", instance: "second");
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(5);
        }
        await using var node = await second;
        Assert.Equal("second", (await Nodes.FindAsync("a", default))!.Instance);
        // What the first one handed out may be in use.
        Assert.True(node.HasTakenOver);
    }

    [Theory]
    [InlineData("first", true, false)]
    [InlineData("first", false, true)]
    [InlineData("second", false, true)]
    public async Task What_is_found_under_a_name_is_its_machines_only_if_nobody_else_can_have_had_it(string instance, bool died, bool inherits)
    {
        await using (var first = await GuardedNode.StartAsync(_store, _time, "a"))
        {
            if (!died)
                await first.Guard.StopAsync(default);
        }
        await using var node = await GuardedNode.StartAsync(_store, _time, "a", instance: instance);
        Assert.Equal(inherits, node.HasTakenOver);
    }

    [Fact]
    public async Task A_machine_whose_name_was_taken_over_hands_out_nothing_more()
    {
        await using var first = await GuardedNode.StartAsync(_store, _time, "a");
        var taking = GuardedNode.StartAsync(_store, _time, "a", instance: "second", takesOver: true);
        while (!taking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await first.TurnAsync();
            await Task.Delay(5);
        }
        await using var second = await taking;
        Assert.True(second.HasTakenOver);

        var fault = await Assert.ThrowsAsync<StoreException>(() => first.AddAsync("c1"));
        Assert.Contains("is in use by another machine: host of second", fault.Message, StringComparison.Ordinal);
        await second.AddAsync("c2");
    }

    [Fact]
    public async Task A_store_that_was_set_back_to_an_earlier_run_of_the_node_is_mended_and_the_node_goes_on()
    {
        NodeEntry earlier;
        Block[] blocks;
        await using (var node = await GuardedNode.StartAsync(_store, _time, "a"))
        {
            await node.AddAsync("c1");
            earlier = (await Nodes.FindAsync("a", default))!;
            blocks = _store.Content.Blocks;
        }
        await using var again = await GuardedNode.StartAsync(_store, _time, "a", new StorePast("first", 1), new NodeMemory([], new HashSet<LeaseToken>(), blocks));
        var lease = await again.AddAsync("c2");

        Lose(new StorePast("first", StorePast.WentBack));
        Assert.True(await Nodes.PutAsync(earlier, null, default));
        for (var turn = 0; turn < 5; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await again.TurnAsync();
        }

        Assert.Null(again.Node.Allocator.Obstacle);
        Assert.True(_store.Content.Holds(lease));
        Assert.NotEqual(earlier.Run, (await Nodes.FindAsync("a", default))!.Run);
    }

    [Fact]
    public async Task A_second_loss_while_memory_is_loaded_forgets_nothing()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");
        Lose(new StorePast("second", 1));
        _time.Advance(TimeSpan.FromSeconds(5));
        await node.TurnAsync();
        _time.Advance(TimeSpan.FromSeconds(11));
        // The next turn asserts nothing more, but loads: at its first read the store is emptied again.
        _store.Fault = action =>
        {
            if (action == StoreAction.Read && _store.Pasts.Current.Identity == "second")
                Lose(new StorePast("third", 1));
            return StoreFault.None;
        };
        await Assert.ThrowsAsync<StoreException>(node.TurnAsync);
        for (var turn = 0; turn < 4; turn++)
        {
            await node.TurnAsync();
            _time.Advance(TimeSpan.FromSeconds(6));
        }

        Assert.Null(node.Node.Allocator.Obstacle);
        Assert.True(_store.Content.Holds(lease));
    }

    [Fact]
    public async Task An_owner_that_came_back_under_another_address_is_no_conflict_with_what_it_had_before_the_store_was_set_back()
    {
        var store = new InMemoryStore(StoreMode.AllOrNothing) { Nodes = new InMemoryNodes(), IsSharedByNodes = true };
        await using var node = await GuardedNode.StartAsync(store, _time, "a");
        var before = await node.AddAsync("c1");
        var copy = store.Content.Blocks;
        await node.Node.DeleteAsync("c1");
        await node.AddAsync("c0");
        var after = await node.AddAsync("c1");
        Assert.NotEqual(before.Address, after.Address);

        SetBack(store, copy);
        _time.Advance(TimeSpan.FromSeconds(5));
        await node.TurnAsync();

        Assert.Empty(node.Conflicts);
        Assert.True(store.Content.Holds(after));
        Assert.False(store.Content.Holds(before));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task What_a_node_released_before_the_store_was_set_back_is_in_nobodys_way()
    {
        await using var first = await GuardedNode.StartAsync(_store, _time, "a");
        await first.AddAsync("c0", "10.0.0.0/30");
        await first.AddAsync("c1", "10.0.0.0/30");
        var copy = _store.Content.Blocks;
        await first.Node.DeleteAsync("c1");
        await using var second = await GuardedNode.StartAsync(_store, _time, "b");
        var lease = await second.AddAsync("c2", "10.0.0.0/30");
        Assert.True(copy.Single().LeaseOf(lease.Address) is { } older && older.Owner != lease.Owner);

        SetBack(_store, copy);
        await TurnAsync(second, first);

        Assert.True(_store.Content.Holds(lease));
        Assert.Empty(second.Conflicts);
    }

    [Fact]
    public async Task Once_others_serve_an_older_lease_in_the_place_of_a_younger_one_is_reported_and_stays()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        var lease = await node.AddAsync("c1");
        Lose(new StorePast("second", 1));
        var other = lease with { Owner = Some.Owner("other"), Node = "b", Sequence = lease.Sequence - 1 };
        _store.Content.Commit([new BlockChange(new Block(BlockId.Of(other.Space, other.Address), [other]) { Node = "b", LastSequence = other.Sequence }, [other], [])]);
        Assert.True(await Nodes.PutAsync(new NodeEntry("b", "instance", "run", "host", "second", 1), null, default));

        for (var turn = 0; turn < 3; turn++)
            await TurnAsync(node);

        Assert.Equal(new LeaseConflict(lease, other), Assert.Single(node.Conflicts));
        Assert.True(_store.Content.Holds(other));
    }

    /// <summary>
    /// The older copy has a lease of a, which was released since, and whose owner has another address on b since. So b can't assert that one before a has released
    /// again. Before b could, nobody may hand it out.
    /// </summary>
    [Fact]
    public async Task Nobody_goes_on_before_those_could_assert_whose_leases_had_others_in_their_place()
    {
        var store = new InMemoryStore(StoreMode.AllOrNothing) { Nodes = new InMemoryNodes(), IsSharedByNodes = true };
        await using var a = await GuardedNode.StartAsync(store, _time, "a");
        await using var b = await GuardedNode.StartAsync(store, _time, "b");
        await using var c = await GuardedNode.StartAsync(store, _time, "c");
        await a.AddAsync("c0");
        await a.AddAsync("moved");
        var copy = store.Content.Blocks;
        await a.Node.DeleteAsync("moved");
        var moved = await b.AddAsync("moved", "10.0.1.0/30");
        for (var turn = 0; turn < 3; turn++)
            await TurnAsync(a, b, c);

        SetBack(store, copy);
        await Assert.ThrowsAsync<StoreException>(() => c.AddAsync("c2", "10.0.1.0/30"));
        await TurnAsync(b, a);
        // Whoever comes last finds that all have been there, and b has not looked again.
        _time.Advance(TimeSpan.FromSeconds(11));
        await c.TurnAsync();
        _time.Advance(TimeSpan.FromSeconds(11));
        await c.TurnAsync();
        await c.TurnAsync();
        Assert.NotNull(c.Node.Allocator.Obstacle);
        Assert.Contains("waiting for node b to assert leases", c.Told[^1], StringComparison.Ordinal);

        for (var turn = 0; turn < 3; turn++)
            await TurnAsync(b, a, c);
        Assert.All([a, b, c], static node => Assert.Null(node.Node.Allocator.Obstacle));
        Assert.True(store.Content.Holds(moved));
        Assert.Empty(b.Conflicts);
        Assert.NotEqual(moved.Address, (await c.AddAsync("c2", "10.0.1.0/30")).Address);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_whose_leases_are_in_each_others_place_don_t_wait_for_each_other_for_ever()
    {
        await using var a = await GuardedNode.StartAsync(_store, _time, "a");
        await using var b = await GuardedNode.StartAsync(_store, _time, "b");
        Lease[] leases = [await a.AddAsync("c1"), await b.AddAsync("c2")];
        for (var turn = 0; turn < 3; turn++)
            await TurnAsync(a, b);
        Lose(new StorePast("second", 1));
        var others = leases.Select(static lease => lease with { Owner = Some.Owner($"not {lease.Owner.ContainerId}"), Node = "gone", Sequence = lease.Sequence + 1 });
        _store.Content.Commit([.. others.Select(static other =>
            new BlockChange(new Block(BlockId.Of(other.Space, other.Address), [other]) { Node = "gone", LastSequence = other.Sequence }, [other], []))]);

        for (var turn = 0; turn < 4; turn++)
            await TurnAsync(a, b);

        Assert.All([a, b], static node => Assert.Null(node.Node.Allocator.Obstacle));
        Assert.Equal(leases[0], Assert.Single(a.Conflicts).Lost);
        Assert.Equal(leases[1], Assert.Single(b.Conflicts).Lost);
    }

    [Fact]
    public async Task A_node_that_is_started_anew_while_others_are_waited_for_waits_as_well()
    {
        await using var other = await GuardedNode.StartAsync(_store, _time, "b");
        StorePast? seen;
        Block[] blocks;
        await using (var node = await GuardedNode.StartAsync(_store, _time, "a"))
        {
            await node.AddAsync("c1");
            blocks = _store.Content.Blocks;
            Lose(new StorePast("second", 1));
            for (var turn = 0; turn < 5; turn++)
                await TurnAsync(node);
            Assert.NotNull(node.Node.Allocator.Obstacle);
            seen = node.Past;
        }
        await TurnAsync(other);

        await using var again = await GuardedNode.StartAsync(_store, _time, "a", seen, new NodeMemory([], new HashSet<LeaseToken>(), blocks));
        Assert.NotNull(again.Node.Allocator.Obstacle);
    }

    [Fact]
    public async Task A_node_that_joins_while_others_are_waited_for_waits_as_well()
    {
        await using var late = await GuardedNode.StartAsync(_store, _time, "b");
        var lease = await late.AddAsync("c1");
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        Lose(new StorePast("second", 1));
        for (var turn = 0; turn < 5; turn++)
            await TurnAsync(node);

        await using var young = await GuardedNode.StartAsync(_store, _time, "c");
        await Assert.ThrowsAsync<StoreException>(() => young.AddAsync("c2"));
        for (var turn = 0; turn < 5; turn++)
            await TurnAsync(late, node, young);
        Assert.Equal("second", _store.Pasts.Current.Identity);
        Assert.NotEqual(lease.Address, (await young.AddAsync("c2")).Address);
    }

    [Fact]
    public async Task A_node_that_was_not_known_before_the_loss_is_waited_for_once_it_writes_its_entry()
    {
        await using var node = await GuardedNode.StartAsync(_store, _time, "a");
        // It joined after the registry was listed, and takes its time.
        Assert.True(await Nodes.PutAsync(new NodeEntry("b", "instance", "run", "host", "first", 1), null, default));
        _store.Content.Clear();
        _store.Pasts.Current = new StorePast("second", 1);
        await TurnAsync(node);
        Assert.True(await Nodes.PutAsync(new NodeEntry("b", "instance", "run", "host", "first", 2), "run", default));
        for (var turn = 0; turn < 10; turn++)
            await TurnAsync(node);

        Assert.Contains("waiting for node b to assert leases", node.Told[^1], StringComparison.Ordinal);
    }

    private async Task<string> ClusterUidAsync() => (await Nodes.FindAsync("a", default))!.ClusterUid;

    /// <summary>Eleven minutes: in ten the registry is listed.</summary>
    private async Task PassAsync(GuardedNode node)
    {
        for (var turn = 0; turn < 132; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await node.TurnAsync();
        }
    }

    private void Lose(StorePast past)
    {
        _store.Content.Clear();
        if (_store.IsSharedByNodes)
            Nodes.Clear();
        _store.Pasts.Current = past;
    }

    private static void SetBack(InMemoryStore store, Block[] copy)
    {
        store.Content.Clear();
        store.Content.Commit([.. copy.Select(static block => new BlockChange(block with { Version = 0 }, block.Leases, []))]);
        store.Pasts.Current = new StorePast("second", 1);
    }

    /// <summary>Five seconds, and a turn of each.</summary>
    private async Task TurnAsync(params GuardedNode[] nodes)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        foreach (var node in nodes)
            await node.TurnAsync();
    }

    /// <summary>A cluster of nodes alone: UIDs by name.</summary>
    private sealed class NodesOfCluster : Dictionary<string, string>, ICluster
    {
        public Task<string> ReadUidAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool MayAsk { get; set; } = true;

        public Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken) =>
            MayAsk ? Task.FromResult(this.GetValueOrDefault(node)) : throw new StoreException("injected: forbidden");

        public Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<string, string>>(this);

        public Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ClusterPod>>([]);

        public Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken) => Task.FromResult<ClusterPod?>(null);

        public Task<bool?> HasAsync(StickyOwner owner, CancellationToken cancellationToken) => Task.FromResult<bool?>(null);
    }
}
