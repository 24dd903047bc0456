using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Recovery;

/// <summary>What is kept for a sticky owner others may end: the leader, and each node by its time.</summary>
public sealed class KeptBlockTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_block_that_is_gone_is_a_loss_if_a_container_had_an_address_in_it_and_none_if_one_was_kept(bool isKept)
    {
        await using var node = await TestNode.StartAsync(
            new InMemoryStore(StoreMode.PerBlock) { IsSharedByNodes = true }, new ManualTimeProvider(Some.Instant), new AllocatorOptions { Node = "node" });
        var request = Some.Request("a", Some.Entry("10.0.0.8/32")).Under(new AllocationPolicy { IsSticky = true }) with { Sticky = new StickyOwner(StickyKind.StatefulSet, "shop", "web-0") };
        Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(request, default));
        if (isKept)
            await node.DeleteAsync("a");
        Assert.Equal(isKept, Assert.Single(node.Store.Content.Leases).Owner.IsKept);

        node.Other.Give("10.0.0.8");
        node.Other.Delete("10.0.0.8");
        await Record.ExceptionAsync(node.MaintainAsync);

        Assert.Equal(isKept, node.Allocator.Obstacle is null);
    }
}
