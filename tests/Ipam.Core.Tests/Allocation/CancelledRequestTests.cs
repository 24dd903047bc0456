using Ipam.Core.Allocation;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class CancelledRequestTests
{
    [Fact]
    public async Task A_request_whose_caller_went_away_before_its_turn_takes_nothing()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        using var caller = new CancellationTokenSource();
        var abandoned = await node.TogetherAsync(() =>
        {
            var asked = node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), caller.Token);
            caller.Cancel();
            return asked;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_caller_that_goes_away_during_the_commit_can_release_what_it_got()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        using var caller = new CancellationTokenSource();
        var held = node.Store.Hold(StoreAction.Commit);
        var asked = node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")), caller.Token);
        await held.Arrived;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        var deleted = node.DeleteAsync("a");
        await held.ReleaseAsync();
        Assert.Single(await deleted);
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_caller_that_goes_away_between_two_attempts_leaves_nothing_that_the_first_had_written()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        using var caller = new CancellationTokenSource();
        node.Store.Committing = _ =>
        {
            node.Store.Committing = static _ => { };
            node.Other.Touch("10.0.1.0");
            caller.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/26")), caller.Token));
        await node.MaintainAsync();
        Assert.Empty(node.Held());
    }
}
