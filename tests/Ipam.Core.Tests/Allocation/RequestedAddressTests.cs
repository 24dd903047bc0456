using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>10.0.0.10-10.0.0.200 with gateway .20, without .30-.39; b holds .50.</summary>
public class RequestedAddressTests
{
    [Theory]
    [InlineData("10.0.0.10", null)]
    [InlineData("10.0.0.200", null)]
    [InlineData("10.0.0.40", null)]
    [InlineData("10.0.0.9", RefusalReason.OutsideRanges)]
    [InlineData("10.0.0.201", RefusalReason.OutsideRanges)]
    [InlineData("::a00:28", RefusalReason.OutsideRanges)]
    [InlineData("10.0.0.20", RefusalReason.Gateway)]
    [InlineData("10.0.0.30", RefusalReason.Excluded)]
    [InlineData("10.0.0.39", RefusalReason.Excluded)]
    [InlineData("10.0.0.50", RefusalReason.Held)]
    public async Task A_requested_address_is_had_or_refused_with_the_reason(string address, RefusalReason? reason)
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var inTheWay = await node.AddAsync("b", Requesting("10.0.0.50"));
        var outcome = await node.AskAsync("a", Requesting(address));
        if (reason is null)
        {
            Assert.Equal(address, Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease.Address.ToString());
            return;
        }
        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(outcome);
        Assert.Equal((0, Address.Parse(address), reason), (refused.Entry, refused.Address, refused.Reason));
        Assert.Equal(reason == RefusalReason.Held ? inTheWay[0] : null, refused.InTheWay);
        Assert.Equal(["b 10.0.0.50"], node.Held());
    }

    [Theory]
    [InlineData("10.0.0.5", null)]
    [InlineData("10.0.0.250", null)]
    [InlineData("10.0.0.100", null)]
    [InlineData("10.0.0.1", RefusalReason.Gateway)]
    [InlineData("10.0.0.7", RefusalReason.Excluded)]
    [InlineData("10.0.0.0", RefusalReason.Excluded)]
    [InlineData("10.0.0.255", RefusalReason.Excluded)]
    [InlineData("10.0.1.5", RefusalReason.OutsideRanges)]
    public async Task Where_that_is_allowed_one_outside_is_had_and_nothing_moves_on_to_behind_it(string address, RefusalReason? reason)
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var range = new PoolRange
        {
            Subnet = Prefix.Parse("10.0.0.0/24"),
            First = Address.Parse("10.0.0.100"),
            Last = Address.Parse("10.0.0.110"),
            Excluded = [Some.AddressRange("10.0.0.7")],
            AllowOutside = true,
        }.Without([]);

        var outcome = await node.AskAsync("a", new AllocationEntry([range], Address.Parse(address)));

        Assert.Equal(reason, (outcome as AllocationOutcome.RequestRefused)?.Reason);
        var expected = address == "10.0.0.100" ? "10.0.0.101" : "10.0.0.100";
        Assert.Equal(expected, (await node.AddAsync("b", new AllocationEntry([range])))[0].Address.ToString());
        if (reason is null)
            Assert.Equal(address, (await node.AddAsync("a", new AllocationEntry([range])))[0].Address.ToString());
        Assert.IsType<AllocationOutcome.RequestRefused>(await node.AskAsync("c", new AllocationEntry([range.Closed()], Address.Parse(address))));
    }

    [Fact]
    public async Task Asking_for_the_address_one_holds_gets_it_again()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", Requesting("10.0.0.77"));
        Assert.Equal(lease, await node.AddAsync("a", Requesting("10.0.0.77")));
        Assert.Equal(lease, await node.AddAsync("a", Requesting(null)));
    }

    [Fact]
    public async Task Asking_for_another_address_than_the_one_held_is_refused_until_that_is_released()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", Requesting("10.0.0.77"));
        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(await node.AskAsync("a", Requesting("10.0.0.78")));
        Assert.Equal((RefusalReason.OwnerHoldsAnother, lease[0]), (refused.Reason, refused.InTheWay));
        Assert.Equal(["a 10.0.0.77"], node.Held());

        await node.DeleteAsync("a");
        await node.AddAsync("a", Requesting("10.0.0.78"));
        Assert.Equal(["a 10.0.0.78"], node.Held());
    }

    [Fact]
    public async Task A_refusal_takes_nothing_for_the_other_entries()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("b", Requesting("10.0.0.50"));
        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(
            await node.AskAsync("a", Some.Entry("10.0.1.0/24"), Requesting("10.0.0.50"), Some.Entry("fd00::/64")));
        Assert.Equal(1, refused.Entry);
        Assert.Equal(["b 10.0.0.50"], node.Held());
    }

    [Fact]
    public async Task The_address_is_refused_only_if_the_store_too_says_that_it_is_held()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("b", Requesting("10.0.0.50"));
        node.Other.Give("10.0.0.50");
        var listings = node.Store.Listings;
        await node.AddAsync("a", Requesting("10.0.0.50"));
        Assert.Equal(["a 10.0.0.50"], node.Held());
        Assert.Equal(listings, node.Store.Listings);
    }

    [Fact]
    public async Task One_owner_may_hold_a_requested_address_and_the_next_free_ones()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var leases = await node.AddAsync("a", Requesting("10.0.0.12"), Requesting(null), Requesting(null));
        Assert.Equal(["10.0.0.12", "10.0.0.13", "10.0.0.14"], leases.Select(static lease => lease.Address.ToString()));
    }

    private static AllocationEntry Requesting(string? address) => new(
        [Some.Range("10.0.0.10-10.0.0.200", "10.0.0.20", "10.0.0.30-10.0.0.39")],
        address is null ? null : Address.Parse(address));
}
