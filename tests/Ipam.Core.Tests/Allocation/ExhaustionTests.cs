using Ipam.Core.Allocation;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class ExhaustionTests
{
    [Fact]
    public async Task A_full_range_is_told_with_its_entry_and_how_much_of_it_is_held()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var i = 0; i < 3; i++)
            await node.AddAsync($"c{i}", Some.Entry("10.0.0.0/31", "10.0.5.5"));
        var outcome = Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("fd00::/64"), Some.Entry("10.0.0.0/31", "10.0.5.5")));
        Assert.Equal((1, 3), (outcome.Entry, outcome.Held));
        Assert.Equal(3, node.Held().Length);
    }

    [Fact]
    public async Task A_range_is_full_only_if_the_store_too_says_so()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("b", "10.0.0.0/32");
        node.Other.Give("10.0.0.0");
        await node.AddAsync("a", "10.0.0.0/32");
        Assert.Equal(["a 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task A_range_that_others_filled_is_full()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        node.Other.Take("10.0.0.0", "b");
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/32")));
    }

    [Fact]
    public async Task Room_that_a_conflict_of_the_same_commit_brings_to_light_is_used()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        node.Other.Take("10.0.0.1", "z");
        await node.MaintainAsync();
        var (first, second) = await node.TogetherAsync(() =>
        {
            var commits = 0;
            node.Store.Committing = _ =>
            {
                // Behind the commit that keeps the two waiting, the one in which b takes what memory thinks is the last address, and the
                // comparison with the store that a asks for, somebody makes room.
                if (++commits == 3)
                    node.Other.Give("10.0.0.1");
                else if (commits == 2)
                    node.Other.Touch("10.0.0.1");
            };
            return (node.AskAsync("b", Some.Entry("10.0.0.0/31")), node.AskAsync("a", Some.Entry("10.0.0.0/31")));
        });
        Assert.IsType<AllocationOutcome.Allocated>(await first);
        Assert.IsType<AllocationOutcome.Allocated>(await second);
        Assert.Equal(2, node.Held().Length);
    }
}
