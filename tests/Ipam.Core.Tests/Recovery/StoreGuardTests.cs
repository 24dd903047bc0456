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
    private readonly InMemoryStore _store = new(StoreMode.PerBlock) { Nodes = new InMemoryNodes(), IsSharedByNodes = true };
    private readonly ManualTimeProvider _time = new(Some.Instant);

    private InMemoryNodes Nodes => (InMemoryNodes)_store.Nodes!;

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

        await using var again = await GuardedNode.StartAsync(_store, _time, "a", new StorePast("first", 1), new NodeMemory([], blocks));
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
    }

    [Fact]
    public async Task A_machine_whose_name_was_taken_over_hands_out_nothing_more()
    {
        await using var first = await GuardedNode.StartAsync(_store, _time, "a");
        await using var second = await GuardedNode.StartAsync(_store, _time, "a", instance: "second", takesOver: true);
        Assert.True(second.Guard.HasTakenOver);

        _time.Advance(TimeSpan.FromSeconds(5));
        await first.TurnAsync();

        var fault = await Assert.ThrowsAsync<StoreException>(() => first.AddAsync("c1"));
        Assert.Contains("is in use by another machine: host of second", fault.Message, StringComparison.Ordinal);
        await second.AddAsync("c2");
    }

    private void Lose(StorePast past)
    {
        _store.Content.Clear();
        Nodes.Clear();
        _store.Pasts.Current = past;
    }
}
