using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class ReplayTests
{
    [Fact]
    public async Task An_owner_that_asks_again_gets_the_same_addresses_in_the_same_order()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        AllocationEntry[] entries = [Some.Entry("10.0.0.8/29"), Some.Entry("10.0.0.8/29"), Some.Entry("fd00::/126")];
        var first = await node.AddAsync("a", entries);
        await node.AddAsync("b", entries);

        var again = Assert.IsType<AllocationOutcome.Allocated>(await node.AskAsync("a", entries));
        Assert.Equal(first, again.Addresses.Select(static address => address.Lease));
        Assert.True(again.Replayed);
        Assert.Equal(6, node.Store.Content.Leases.Length);
    }

    [Fact]
    public async Task After_a_restart_too_even_if_the_second_entry_has_the_lower_address()
    {
        AllocationEntry[] entries = [Some.Entry("10.0.0.60-10.0.0.70"), Some.Entry("10.0.0.60-10.0.0.70")];
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("z", "10.0.0.69/32");
        var first = await node.AddAsync("a", entries);
        Assert.Equal(["10.0.0.70", "10.0.0.60"], first.Select(static lease => lease.Address.ToString()));

        await using var restarted = await node.RestartAsync();
        Assert.Equal(first, await restarted.AddAsync("a", entries));
    }

    [Fact]
    public async Task An_owner_whose_lease_was_released_by_another_process_gets_a_new_one()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var first = await node.AddAsync("a", "10.0.0.0/24");
        node.Other.Give(first.Address.ToString());
        node.Other.Take(first.Address.ToString(), "b");

        var second = Assert.IsType<AllocationOutcome.Allocated>(await node.AskAsync("a", Some.Entry("10.0.0.0/24")));
        Assert.False(second.Replayed);
        Assert.NotEqual(first.Address, second.Addresses[0].Lease.Address);
        Assert.Equal(["a 10.0.0.1", "b 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task An_owner_whose_block_is_gone_from_the_store_gets_a_new_lease()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var first = await node.AddAsync("a", "10.0.0.7/32");
        node.Other.Give("10.0.0.7");
        node.Other.Delete("10.0.0.7");

        var second = await node.AddAsync("a", "10.0.0.7/32");
        Assert.Equal(["a 10.0.0.7"], node.Held());
        Assert.NotEqual(first.Sequence, second.Sequence);
    }

    [Fact]
    public async Task An_owner_that_got_its_lease_from_another_process_gets_that_one()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = node.Other.Take("10.0.0.9", "a");
        Assert.Equal(lease, await node.AddAsync("a", "10.0.0.0/24"));
        Assert.Equal(["a 10.0.0.9"], node.Held());
    }

    [Fact]
    public async Task A_replay_is_not_believed_because_a_conflict_of_another_request_brought_news_of_its_block()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.5/32");
        // The block of a's lease changes: a lost it, and b, of whom memory knows nothing, got the neighbour.
        node.Other.Give("10.0.0.5");
        node.Other.Take("10.0.0.6", "b");

        var (again, conflicting) = await node.TogetherAsync(() => (
            node.AskAsync("a", Some.Entry("10.0.0.5/32")),
            node.AddAsync("b", Some.Entry("10.0.1.0/24", "10.0.0.6/32"))));
        Assert.False(Assert.IsType<AllocationOutcome.Allocated>(await again).Replayed);
        await conflicting;
        Assert.Equal(["a 10.0.0.5", "b 10.0.0.6"], node.Held());
    }

    [Fact]
    public async Task A_lease_whose_address_is_excluded_by_now_is_still_the_answer()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", "10.0.0.0/24");
        Assert.Equal([lease], await node.AddAsync("a", new AllocationEntry([Some.Range("10.0.0.0/24", null, "10.0.0.0/25")])));
    }

    [Fact]
    public async Task An_owner_whose_lease_is_outside_the_ranges_of_today_gets_another_and_keeps_both_until_it_releases()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        var second = await node.AddAsync("a", "10.0.9.0/24");
        Assert.Equal("10.0.9.0", second.Address.ToString());
        Assert.Equal(second, await node.AddAsync("a", "10.0.9.0/24"));
        Assert.Equal(2, (await node.DeleteAsync("a")).Count);
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task An_owner_that_asks_again_from_another_namespace_keeps_its_addresses_there()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        AllocationEntry[] entries = [Some.Entry("10.0.0.8/29"), Some.Entry("fd00::/126")];
        var request = Some.Request("a", entries) with { NetworkNamespace = "/run/netns/x", NamespaceIdentity = new(1, 2, 3) };
        var first = await AskAsync(request);

        Assert.Equal(first, await AskAsync(request));
        foreach (var moved in new[]
        {
            request with { NamespaceIdentity = new(1, 5, 3) },
            request with { NamespaceIdentity = new(2, 5, 3) },
            request with { NetworkNamespace = "/run/netns/y", NamespaceIdentity = new(2, 5, 3) },
            request with { NetworkNamespace = "/run/netns/y", NamespaceIdentity = default },
        })
        {
            var before = node.Store.Content.Leases;
            var renewed = await AskAsync(moved);
            Assert.Equal(first.Select(static lease => lease.Address), renewed.Select(static lease => lease.Address));
            Assert.All(renewed, lease => Assert.Equal((moved.NetworkNamespace, moved.NamespaceIdentity), (lease.NetworkNamespace, lease.NamespaceIdentity)));
            Assert.Equal(renewed.OrderBy(static lease => lease.Address), node.Store.Content.Leases.OrderBy(static lease => lease.Address));
            Assert.Equal(renewed, await AskAsync(moved));
            // What was decided over the former lease ends nothing.
            foreach (var former in before)
                Assert.False(await node.Allocator.ReleaseAsync(former, ReleaseCause.Reconciliation, default));
            Assert.Equal(2, node.Store.Content.Leases.Length);
        }

        async Task<Lease[]> AskAsync(AllocationRequest asked)
        {
            var outcome = Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(asked, default));
            return [.. outcome.Addresses.Select(static address => address.Lease)];
        }
    }

    [Fact]
    public async Task Only_the_missing_addresses_are_new_when_an_owner_asks_for_more()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var first = await node.AddAsync("a", "10.0.0.0/24");
        var outcome = Assert.IsType<AllocationOutcome.Allocated>(await node.AskAsync("a", Some.Entry("10.0.0.0/24"), Some.Entry("fd00::/64")));
        Assert.False(outcome.Replayed);
        Assert.Equal([first.Address.ToString(), "fd00::"], outcome.Addresses.Select(static address => address.Lease.Address.ToString()));
    }
}
