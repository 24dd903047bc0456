using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class OrderTests
{
    [Fact]
    public async Task A_freed_address_rests_until_the_range_has_been_gone_round()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var handedOut = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            handedOut.Add((await node.AddAsync("a", "10.0.0.62-10.0.0.65")).Address.ToString());
            await node.DeleteAsync("a");
        }
        Assert.Equal(["10.0.0.62", "10.0.0.63", "10.0.0.64", "10.0.0.65", "10.0.0.62", "10.0.0.63", "10.0.0.64"], handedOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_order_next_goes_on_after_a_restart_where_it_was(bool released)
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var i = 0; i < 70; i++)
            await node.AddAsync($"c{i}", "10.0.0.0/24");
        for (var i = released ? 0 : 70; i < 70; i++)
            await node.DeleteAsync($"c{i}");
        await using var restarted = await node.RestartAsync();
        Assert.Equal("10.0.0.70", (await restarted.AddAsync("a", "10.0.0.0/24")).Address.ToString());
    }

    [Fact]
    public async Task The_order_next_goes_on_after_a_restart_although_the_clock_went_back()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var i = 0; i < 60; i++)
            await node.AddAsync($"c{i}", "10.0.0.0/24");
        node.Time.AdjustTime(node.Time.GetUtcNow().AddDays(-1));
        for (var i = 60; i < 80; i++)
            await node.AddAsync($"c{i}", "10.0.0.0/24");
        await using var restarted = await node.RestartAsync();
        Assert.Equal("10.0.0.80", (await restarted.AddAsync("a", "10.0.0.0/24")).Address.ToString());
    }

    [Fact]
    public async Task The_order_lowest_takes_a_freed_address_at_once()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var i = 0; i < 3; i++)
            await node.AddAsync($"c{i}", "10.0.0.0/24");
        await node.DeleteAsync("c1");
        var outcome = await node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")).InOrder(AllocationOrder.Lowest), default);
        Assert.Equal("10.0.0.1", Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease.Address.ToString());
    }

    [Fact]
    public async Task A_range_with_exclusions_of_its_own_goes_on_by_itself()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        var without = new AllocationEntry([Some.Range("10.0.0.0/24", null, "10.0.0.1-10.0.0.9")]);
        Assert.Equal("10.0.0.10", (await node.AddAsync("b", without))[0].Address.ToString());
        Assert.Equal("10.0.0.1", (await node.AddAsync("c", "10.0.0.0/24")).Address.ToString());
        Assert.Equal("10.0.0.11", (await node.AddAsync("d", without))[0].Address.ToString());
    }

    [Fact]
    public async Task More_ranges_than_are_kept_in_mind_are_still_allocated_from_correctly()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 600; i++)
                await node.AddAsync($"c{round}.{i}", $"10.{i / 250}.{i % 250}.0/31");
        }
        Assert.Equal(1_200, node.Held().Distinct().Count());
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("a", Some.Entry("10.0.0.0/31")));
        Assert.InRange(node.Allocator.Usage.Count, 1, 599);
    }
}
