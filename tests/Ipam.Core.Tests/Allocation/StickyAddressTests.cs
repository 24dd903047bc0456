using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>An address stays its owner's in one change of its block when his container ends, and when his next one begins.</summary>
public class StickyAddressTests
{
    private static readonly StickyOwner Web = new(StickyKind.StatefulSet, "shop", "web-0");
    private static readonly AllocationPolicy Policy = new() { IsSticky = true, Cooldown = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task At_no_instant_it_is_anybody_elses(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        var first = await AddAsync(node, "a", []);
        node.Store.Committing = changes => Assert.All(changes, static change => Assert.Equal(1, System.Numerics.BitOperations.PopCount(change.Block.Held)));

        Assert.Equal(2, (await node.DeleteAsync("a")).Count);
        var kept = node.Store.Content.Leases.OrderBy(static lease => lease.Entry).ToArray();
        Assert.All(kept, static lease => Assert.True(lease.Owner.IsKept));
        Assert.Equal(first.Select(static lease => lease.Address), kept.Select(static lease => lease.Address));
        Assert.Empty(await node.DeleteAsync("a"));

        var second = await AddAsync(node, "b", kept);
        Assert.Equal(first.Select(static lease => lease.Address), second.Select(static lease => lease.Address));
        Assert.Equal(first.Select(static lease => lease.Sticky), second.Select(static lease => lease.Sticky));
        Assert.Equal(TimeSpan.FromHours(1), second[0].Cooldown);
        Assert.Equal(["b 10.0.0.8", "b fd00::8"], node.Held());
        // The former container's DEL comes late.
        Assert.Empty(await node.DeleteAsync("a"));
        Assert.Equal(["b 10.0.0.8", "b fd00::8"], node.Held());
    }

    [Fact]
    public async Task On_another_node_it_moves_as_well()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await using var other = await TestNode.StartAsync(node.Store, node.Time, new AllocatorOptions { Node = "other" });
        var first = await AddAsync(node, "a", []);
        await node.DeleteAsync("a");

        var kept = await other.Allocator.ReadAsync(Some.Space, [.. first.Select(static lease => lease.Address)], default);
        var second = await AddAsync(other, "b", kept, "other");

        Assert.Equal(first.Select(static lease => lease.Address), second.Select(static lease => lease.Address));
        Assert.All(second, static lease => Assert.Equal("other", lease.Node));
        Assert.Equal(2, node.Store.Content.Leases.Length);
    }

    [Fact]
    public async Task A_request_that_gets_nothing_for_another_set_leaves_it_where_it_was()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var first = await AddAsync(node, "a", []);
        await node.DeleteAsync("a");
        var kept = node.Store.Content.Leases;
        await node.AddAsync("z", "10.0.9.1/32");
        var request = Request("b", kept) with { Entries = [Entry("10.0.0.8/30"), Entry("fd00::8/126"), Entry("10.0.9.1/32")] };

        Assert.IsType<AllocationOutcome.Exhausted>(await node.Allocator.AllocateAsync(request, default));

        Assert.All(kept, lease => Assert.True(node.Store.Content.Holds(lease)));
        Assert.Equal(first.Select(static lease => lease.Address), (await AddAsync(node, "b", kept)).Select(static lease => lease.Address));
    }

    [Fact]
    public async Task A_request_that_failed_in_the_store_has_it_and_its_DEL_keeps_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var first = await AddAsync(node, "a", []);
        await node.DeleteAsync("a");
        node.Store.Fault = static action => action == StoreAction.Commit ? StoreFault.FailAfter : StoreFault.None;
        await Assert.ThrowsAsync<StoreException>(() => AddAsync(node, "b", node.Store.Content.Leases));
        node.Store.Fault = static _ => StoreFault.None;
        await node.MaintainAsync();

        await node.DeleteAsync("b");
        Assert.Equal(first.Select(static lease => lease.Address).Order(), node.Store.Content.Leases.Where(static lease => lease.Owner.IsKept).Select(static lease => lease.Address).Order());
        Assert.Equal(2, node.Store.Content.Leases.Length);
    }

    [Theory]
    [InlineData(ReleaseCause.Admin, false)]
    [InlineData(ReleaseCause.Expiry, false)]
    [InlineData(ReleaseCause.GivenBack, false)]
    [InlineData(ReleaseCause.Gc, true)]
    [InlineData(ReleaseCause.Reconciliation, true)]
    public async Task What_ends_more_than_a_container_ends_it(ReleaseCause cause, bool isKept)
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var lease = (await AddAsync(node, "a", []))[0];

        Assert.True(await node.Allocator.ReleaseAsync(lease, cause, default));

        Assert.Equal(isKept, node.Store.Content.Leases.Any(other => other.Address == lease.Address && other.Owner.IsKept));
        Assert.Equal(isKept ? 2 : 1, node.Store.Content.Leases.Length);
    }

    [Fact]
    public async Task Who_has_no_owner_or_no_such_range_keeps_nothing()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var plain = Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.8/30")) with { Sticky = Web }, default));
        var nobody = Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(Some.Request("b", Entry("10.0.0.8/30")), default));
        Assert.Null(plain.Addresses[0].Lease.Sticky);
        Assert.Null(nobody.Addresses[0].Lease.Sticky);

        await node.DeleteAsync("a");
        await node.DeleteAsync("b");

        Assert.Empty(node.Store.Content.Leases);
    }

    [Fact]
    public async Task Only_who_gave_no_name_says_for_how_long()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var name = new StickyOwner(StickyKind.Name, "", "printer");
        foreach (var (owner, given, lasts) in ((StickyOwner, int?, TimeSpan?)[])[(Web, null, null), (Web, 60, TimeSpan.FromMinutes(1)), (name, null, TimeSpan.FromDays(7)), (name, 60, TimeSpan.FromMinutes(1))])
        {
            var range = Some.Range("10.0.0.0/24").Under(Policy with { StickyFor = given is { } seconds ? TimeSpan.FromSeconds(seconds) : null });
            var request = Some.Request($"{owner}/{given}", new AllocationEntry([range])) with { Sticky = owner };
            var allocated = Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(request, default));
            Assert.Equal(new StickyMark(owner, lasts), allocated.Addresses[0].Lease.Sticky);
        }
    }

    private static AllocationEntry Entry(string range) => new([Some.Range(range).Under(Policy)]);

    private static AllocationRequest Request(string container, IReadOnlyList<Lease> inherited, string node = "node") =>
        Some.Request(container, Entry("10.0.0.8/30"), Entry("fd00::8/126")) with { Sticky = Web, Inherited = inherited, Node = node };

    private static async Task<Lease[]> AddAsync(TestNode node, string container, IReadOnlyList<Lease> inherited, string name = "node")
    {
        var allocated = Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(Request(container, inherited, name), default));
        return [.. allocated.Addresses.Select(static address => address.Lease)];
    }
}
