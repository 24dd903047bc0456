using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>What a request costs falls on that request: those in other ranges don't wait for it.</summary>
public class NeighbourTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private bool _isContended;

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_slow_look_for_a_full_range_keeps_nobody_in_another_range_waiting(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        await node.AddAsync("holder", "10.0.0.0/32");
        var held = node.Store.Hold(StoreAction.Read);
        var full = node.AskAsync("a", Some.Entry("10.0.0.0/32"));
        await held.Arrived.WaitAsync(Patience);

        try
        {
            for (var i = 0; i < 10; i++)
            {
                await node.AddAsync($"b{i}", "10.0.1.0/24").WaitAsync(Patience);
                await node.DeleteAsync($"b{i}").WaitAsync(Patience);
            }
            Assert.False(full.IsCompleted);
        }
        finally
        {
            await held.ReleaseAsync();
        }
        Assert.IsType<AllocationOutcome.Exhausted>(await full);
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_slow_comparison_with_the_store_keeps_nobody_else_waiting(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        var lease = await node.AddAsync("a", "10.0.0.0/24");
        var held = node.Store.Hold(StoreAction.Read);
        var again = node.AddAsync("a", "10.0.0.0/24");
        await held.Arrived.WaitAsync(Patience);

        try
        {
            await node.AddAsync("b", "10.0.1.0/24").WaitAsync(Patience);
            Assert.False(again.IsCompleted);
        }
        finally
        {
            await held.ReleaseAsync();
        }
        Assert.Equal(lease, await again);
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Others_who_change_the_blocks_of_one_range_all_the_time_keep_nobody_in_another_range_waiting(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        await node.AddAsync("first", "10.0.0.0/26");
        Volatile.Write(ref _isContended, true);
        node.Store.Committing = changes =>
        {
            if (Volatile.Read(ref _isContended) && changes.Any(static change => change.Block.Id == BlockId.Of(Some.Space, Address.Parse("10.0.0.0"))))
                node.Other.Touch("10.0.0.0");
        };
        var contended = Enumerable.Range(0, 8).Select(i => node.AskAsync($"a{i}", Some.Entry("10.0.0.0/26"))).ToArray();
        try
        {
            for (var i = 0; i < 100; i++)
                await node.AddAsync($"b{i}", "10.0.1.0/24").WaitAsync(Patience);
            Assert.DoesNotContain(contended, static asked => asked.IsCompleted);
        }
        finally
        {
            Volatile.Write(ref _isContended, false);
        }
        Assert.All(await Task.WhenAll(contended).WaitAsync(Patience), static outcome => Assert.IsType<AllocationOutcome.Allocated>(outcome));
        Assert.Empty(node.Store.Content.Violations);
    }

    [Fact]
    public async Task How_full_ranges_are_is_told_at_once_while_a_commit_is_under_way()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        var held = node.Store.Hold(StoreAction.Commit);
        var b = node.AddAsync("b", "10.0.0.0/24");
        await held.Arrived;
        Assert.Equal(2, node.Allocator.Usage.Single().Held);
        await held.ReleaseAsync();
        await b;
        await node.DeleteAsync("a");
        Assert.Equal(1, node.Allocator.Usage.Single().Held);
    }

    [Fact]
    public async Task Those_who_come_while_others_fight_for_the_range_join_the_next_attempt()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        // Others claim each block that the node tries for the first time, so that it looks at the space before it tries again.
        var claimed = 0;
        node.Store.Committing = changes =>
        {
            foreach (var id in changes.Select(static change => change.Block.Id).Where(id => node.Store.Content.Find(id) is null && claimed++ < 3))
                node.Other.Take(id.AddressAt(0).ToString(), $"other {id}");
        };
        var look = new TaskCompletionSource();
        node.Store.AfterListing = () => look.Task;
        var listings = node.Store.Listings;
        AllocationEntry[] firsts = [new([Some.Range("10.0.0.0/24", null, "10.0.0.1-10.0.0.63", "10.0.0.65-10.0.0.127", "10.0.0.129-10.0.0.191")])];
        var fighting = node.AskAsync("a", firsts);
        await Wait.UntilAsync(() => node.Store.Listings > listings, "the look at the space");

        var commits = 0;
        node.Store.Committing = _ => commits++;
        var joining = Enumerable.Range(0, 20).Select(i => node.AskAsync($"b{i}", firsts)).ToArray();
        await node.AddAsync("elsewhere", "10.0.1.0/26");
        Assert.Equal(1, commits);
        Assert.DoesNotContain(joining, static asked => asked.IsCompleted);

        look.SetResult();
        await fighting;
        Assert.All(await Task.WhenAll(joining), static outcome => Assert.IsType<AllocationOutcome.Allocated>(outcome));
        Assert.Equal(2, commits);
    }

    [Fact]
    public async Task A_release_that_has_to_try_again_is_carried_out_before_what_its_owner_asks_for_next()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await node.AddAsync("a", "10.0.0.0/26");
        var touches = 6;
        node.Store.Committing = changes =>
        {
            if (changes.Any(static change => change.Ended.Count > 0) && touches-- > 0)
                node.Other.Touch("10.0.0.0");
        };
        var released = node.DeleteAsync("a");
        var added = node.AddAsync("a", "10.0.1.0/26");
        Assert.NotEmpty(await released);
        Assert.Equal([$"a {(await added).Address}"], node.Held());
    }

    [Fact]
    public async Task However_many_ask_for_a_full_range_the_store_is_looked_at_once_a_moment()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("holder", "10.0.0.0/32");
        var (listings, read) = (node.Store.Listings, node.Store.BlocksRead);
        for (var moment = 1; moment <= 3; moment++)
        {
            var asked = Enumerable.Range(0, 100).Select(i => node.AskAsync($"a{i}", Some.Entry("10.0.0.0/32"))).ToArray();
            var probed = Enumerable.Range(0, 100).Select(_ => node.Allocator.ProbeAsync(Some.Space, [Some.Entry("10.0.0.0/32")], default)).ToArray();
            Assert.All(await Task.WhenAll(asked), static outcome => Assert.IsType<AllocationOutcome.Exhausted>(outcome));
            Assert.All(await Task.WhenAll(probed), Assert.NotNull);
            for (var i = 0; i < 20; i++)
                Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync($"later {i}", Some.Entry("10.0.0.0/32")));
            Assert.InRange(node.Store.Listings - listings, 1, moment);
            node.Time.Advance(new AllocatorOptions().VerdictAge);
        }
        Assert.Equal(read, node.Store.BlocksRead);
    }

    [Fact]
    public async Task However_many_ask_for_an_address_that_somebody_holds_its_block_is_read_once_a_moment()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("holder", "10.0.0.7/32");
        var read = node.Store.BlocksRead;
        for (var i = 0; i < 50; i++)
        {
            var entry = new AllocationEntry([Some.Range("10.0.0.0/24")], Address.Parse("10.0.0.7"));
            Assert.IsType<AllocationOutcome.RequestRefused>(await node.AskAsync($"a{i}", entry));
        }
        Assert.Equal(1, node.Store.BlocksRead - read);
    }

    [Fact]
    public async Task A_range_is_full_no_longer_than_a_moment_after_somebody_else_has_made_room()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("holder", "10.0.0.0/32");
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/32")));
        node.Other.Give("10.0.0.0");
        node.Time.Advance(new AllocatorOptions().VerdictAge);
        await node.AddAsync("a", "10.0.0.0/32");
    }

    [Fact]
    public async Task Room_that_the_node_makes_itself_is_used_at_once()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("holder", "10.0.0.0/32");
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/32")));
        await node.DeleteAsync("holder");
        await node.AddAsync("a", "10.0.0.0/32");
    }

    [Fact]
    public async Task A_look_that_fails_fails_those_who_wait_for_it_and_nobody_else()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("holder", "10.0.0.0/32");
        node.Store.Fault = static action => action == StoreAction.Read ? StoreFault.FailBefore : StoreFault.None;
        var full = node.AskAsync("a", Some.Entry("10.0.0.0/32"));
        await node.AddAsync("b", "10.0.1.0/24");
        await Assert.ThrowsAsync<StoreException>(() => full);
        node.Store.Fault = static _ => StoreFault.None;
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/32")));
    }

    [Fact]
    public async Task What_a_look_read_before_a_commit_of_ours_does_not_undo_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await node.AddAsync("a", "10.0.0.0/24");
        // The look reads at once, and is kept from coming back.
        var gate = new TaskCompletionSource();
        node.Store.AfterRead = () => gate.Task;
        var again = node.AddAsync("a", "10.0.0.0/24");
        await Wait.UntilAsync(() => node.Store.BlocksRead > 0, "the look");
        node.Store.AfterRead = null;
        var b = await node.AddAsync("b", "10.0.0.0/24");
        gate.SetResult();
        await again;
        Assert.Equal(b, await node.AddAsync("b", "10.0.0.0/24"));
        Assert.Null(node.Allocator.Obstacle);
        Assert.Empty(node.Store.Content.Violations);
    }
}
