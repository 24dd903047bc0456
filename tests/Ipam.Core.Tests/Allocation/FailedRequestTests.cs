using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>What a request that was answered with a failure leaves behind: nothing, in the end.</summary>
public class FailedRequestTests
{
    [Theory]
    [InlineData(StoreFault.FailBefore)]
    [InlineData(StoreFault.FailAfter)]
    [InlineData(StoreFault.FailLate)]
    internal async Task An_address_whose_commit_failed_is_given_back_whether_or_not_it_was_written(StoreFault fault)
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await FailAsync(node, fault, () => node.AddAsync("a", "10.0.0.0/24"));
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_write_that_lands_long_after_its_request_failed_is_undone()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await FailAsync(node, StoreFault.FailLate, () => node.AddAsync("a", "10.0.0.0/24"));
        node.Time.Advance(TimeSpan.FromHours(1));
        node.Store.LandAll();
        Assert.Equal(["a 10.0.0.0"], node.Held());
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_write_can_no_longer_land_once_the_allocator_has_looked_after_the_failed_request()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await FailAsync(node, StoreFault.FailLate, () => node.AddAsync("a", Some.Entry("10.0.0.0/24"), Some.Entry("fd00::/64")));
        await node.MaintainAsync();
        node.Store.LandAll();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task Nor_if_the_commit_that_was_to_prevent_it_had_to_be_repeated()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await FailAsync(node, StoreFault.FailLate, () => node.AddAsync("a", "10.0.0.0/24"));
        node.Store.Committing = _ =>
        {
            node.Store.Committing = static _ => { };
            node.Other.Touch("10.0.1.0");
        };
        var lease = await node.AddAsync("b", "10.0.1.0/24");
        node.Store.LandAll();
        Assert.Equal([$"b {lease.Address}"], node.Held());
    }

    [Fact]
    public async Task A_release_that_lands_late_does_not_take_away_what_was_answered_since()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", "10.0.0.0/24");
        await FailAsync(node, StoreFault.FailLate, () => node.DeleteAsync("a"));
        Assert.Equal(lease, await node.AddAsync("a", "10.0.0.0/24"));
        node.Store.LandAll();
        Assert.Equal(["a 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task Asking_again_after_a_failure_gets_an_address_that_stays()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        foreach (var fault in new[] { StoreFault.FailBefore, StoreFault.FailAfter, StoreFault.FailLate })
        {
            await FailAsync(node, fault, () => node.AddAsync("a", "10.0.0.0/24"));
            var lease = await node.AddAsync("a", "10.0.0.0/24");
            node.Store.LandAll();
            await node.MaintainAsync();
            await node.MaintainAsync();
            Assert.Equal([$"a {lease.Address}"], node.Held());
            await node.DeleteAsync("a");
        }
    }

    [Fact]
    public async Task A_release_that_failed_can_be_repeated()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        foreach (var fault in new[] { StoreFault.FailBefore, StoreFault.FailAfter, StoreFault.FailLate })
        {
            await node.AddAsync("a", "10.0.0.0/24");
            await FailAsync(node, fault, () => node.DeleteAsync("a"));
            await node.DeleteAsync("a");
            node.Store.LandAll();
            Assert.Empty(node.Held());
        }
    }

    [Fact]
    public async Task While_the_store_is_down_every_request_fails_and_afterwards_everything_is_as_before()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", "10.0.0.0/24");
        node.Store.Fault = static _ => StoreFault.FailBefore;
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<StoreException>(() => node.AddAsync($"b{i}", "10.0.0.0/24"));
            await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("a", "10.0.0.0/24"));
            await Assert.ThrowsAsync<StoreException>(() => node.DeleteAsync("a"));
            await Assert.ThrowsAsync<StoreException>(node.MaintainAsync);
        }
        node.Store.Fault = static _ => StoreFault.None;
        Assert.Equal(lease, await node.AddAsync("a", "10.0.0.0/24"));
        Assert.Equal(["a 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_fails_the_request_and_its_late_write_is_undone()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing, new AllocatorOptions { StoreTimeout = TimeSpan.FromSeconds(10) });
        var held = node.Store.Hold(StoreAction.Commit);
        var asked = node.AddAsync("a", "10.0.0.0/24");
        await held.Arrived;
        node.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(asked.IsCompleted);
        node.Time.Advance(TimeSpan.FromSeconds(2));
        var failure = await Assert.ThrowsAsync<StoreException>(() => asked);
        Assert.Contains("memory didn't answer within 10 s", failure.Message, StringComparison.Ordinal);

        await held.ReleaseAsync();
        Assert.Equal(["a 10.0.0.0"], node.Held());
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task When_the_check_of_a_replay_fails_what_was_committed_along_with_it_is_given_back()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        Task<AllocationOutcome> again = null!, fresh = null!;
        await node.TogetherAsync(() =>
        {
            // The commit itself goes well; the read behind it doesn't.
            node.Store.Fault = static action => action == StoreAction.Read ? StoreFault.FailBefore : StoreFault.None;
            again = node.AskAsync("a", Some.Entry("10.0.0.0/24"));
            return fresh = node.AskAsync("b", Some.Entry("10.0.5.0/24"));
        });
        await Assert.ThrowsAsync<StoreException>(() => again);
        var answered = await Record.ExceptionAsync(() => fresh) is null;
        node.Store.Fault = static _ => StoreFault.None;
        await node.MaintainAsync();
        Assert.Equal(answered ? ["a 10.0.0.0", "b 10.0.5.0"] : ["a 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task A_request_that_gives_up_because_of_everlasting_conflicts_leaves_nothing()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock, new AllocatorOptions { LongestRetry = TimeSpan.FromSeconds(20) });
        node.Store.Committing = changes =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(5));
            if (changes.Any(static change => change.Added.Any(static lease => lease.Entry == 1)))
                node.Other.Touch("10.0.1.0");
        };
        var failure = await Assert.ThrowsAsync<StoreException>(() => node.AddAsync("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/26")));
        Assert.Contains("5 attempts in 25 s", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a 10.0.0.0"], node.Held());

        node.Store.Committing = static _ => { };
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_first_address_that_is_already_written_is_given_back_when_the_second_cannot_be_had()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var commits = 0;
        node.Store.Committing = changes =>
        {
            switch (++commits)
            {
                case 1:
                    // Of a's two addresses the second conflicts, and there is no other.
                    node.Other.Take("10.0.1.0", "b");
                    break;
                case 2:
                    // And when the first is about to be given back, that conflicts too.
                    Assert.Single(changes[0].Ended);
                    node.Other.Touch("10.0.0.0");
                    break;
            }
        };
        var outcome = Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/32")));
        Assert.Equal(1, outcome.Entry);
        Assert.Equal(["b 10.0.1.0"], node.Held());
    }

    private static async Task FailAsync(TestNode node, StoreFault fault, Func<Task> request)
    {
        node.Store.Fault = action => action == StoreAction.Commit ? fault : StoreFault.None;
        await Assert.ThrowsAsync<StoreException>(request);
        node.Store.Fault = static _ => StoreFault.None;
    }
}
