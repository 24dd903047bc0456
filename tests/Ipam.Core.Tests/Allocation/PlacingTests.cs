using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>Requests for the lowest address, whichever that is: the store chooses where memory was wrong.</summary>
public class PlacingTests
{
    private static readonly AllocationPolicy Lowest = new() { Affinity = BlockAffinity.None, Order = AllocationOrder.Lowest };

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task The_answer_says_what_the_store_has(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        await AddAsync(node, "a");
        node.Other.Take("10.0.0.1", "x");
        node.Other.Take("10.0.0.2", "y");

        var lease = await AddAsync(node, "b");

        Assert.Equal("10.0.0.3", lease.Address.ToString());
        Assert.True(node.Store.Content.Holds(lease));
        Assert.Equal(["a 10.0.0.0", "b 10.0.0.3", "x 10.0.0.1", "y 10.0.0.2"], node.Held());
        // Memory knows all of them now.
        Assert.Equal(lease, await AddAsync(node, "b"));
        Assert.Equal("10.0.0.4", (await AddAsync(node, "c")).Address.ToString());
        Assert.Equal([lease], await node.DeleteAsync("b"));
        Assert.Empty(node.Store.Content.Violations);
    }

    [Fact]
    public async Task A_requested_address_is_that_one_or_none()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await AddAsync(node, "a");
        node.Other.Take("10.0.0.7", "x");

        var outcome = await node.Allocator.AllocateAsync(Some.Request("b", new AllocationEntry([Range()]) { Requested = Core.Addresses.Address.Parse("10.0.0.7") }), default);

        Assert.Equal(RefusalReason.Held, Assert.IsType<AllocationOutcome.RequestRefused>(outcome).Reason);
        Assert.Equal(["a 10.0.0.0", "x 10.0.0.7"], node.Held());
    }

    /// <summary>The repeated ADD shares its commit with one that is placed, which shows that its lease was released by another node.</summary>
    [Fact]
    public async Task What_shares_a_commit_with_a_placed_lease_and_was_wrong_about_the_block_is_planned_again()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var before = await AddAsync(node, "a");
        await AddAsync(node, "z");
        node.Other.Give(before.Address.ToString());

        var (again, other) = await node.TogetherAsync(() => (AddAsync(node, "a"), AddAsync(node, "b")));

        Assert.True(node.Store.Content.Holds(await again));
        Assert.True(node.Store.Content.Holds(await other));
        Assert.NotEqual(before, await again);
    }

    private static AllocationRange Range() => Some.Range("10.0.0.0-10.0.3.255").Under(Lowest);

    private static async Task<Lease> AddAsync(TestNode node, string owner, AllocationPolicy? policy = null)
    {
        var outcome = await node.Allocator.AllocateAsync(Some.Request(owner, new AllocationEntry([Range().Under(policy ?? Lowest)])), default);
        return Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease;
    }
}
