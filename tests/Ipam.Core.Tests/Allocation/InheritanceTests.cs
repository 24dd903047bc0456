using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>A container goes on with the leases of a former one of its pod that is gone.</summary>
public class InheritanceTests
{
    private static readonly PodReference Pod = new("default", "web-0", "uid");

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task It_has_their_addresses_though_no_other_is_free_and_the_former_owner_has_nothing(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        AllocationEntry[] entries = [Some.Entry("10.0.0.8/32"), Some.Entry("fd00::8/128")];
        var former = await node.AddAsync("old", entries);

        var outcome = Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, "new", former, entries));

        Assert.Equal(["10.0.0.8", "fd00::8"], outcome.Addresses.Select(static address => address.Lease.Address.ToString()));
        Assert.All(outcome.Addresses, static address => Assert.Equal((Some.Owner("new"), Pod), (address.Lease.Owner, address.Lease.Pod)));
        Assert.Empty(await node.DeleteAsync("old"));
        Assert.Equal(["new 10.0.0.8", "new fd00::8"], node.Held());
        foreach (var lease in former)
            Assert.False(await node.Allocator.ReleaseAsync(lease, ReleaseCause.Reconciliation, default));
        Assert.Equal(outcome.Addresses, Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, "new", former, entries)).Addresses);
    }

    [Fact]
    public async Task One_that_has_ended_meanwhile_does_not_count()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var former = await node.AddAsync("old", "10.0.0.0/30");
        await node.DeleteAsync("old");
        node.Other.Take(former.Address.ToString(), "other");

        var outcome = Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, "new", [former], Some.Entry("10.0.0.0/30")));

        Assert.NotEqual(former.Address, outcome.Addresses[0].Lease.Address);
        Assert.Contains($"other {former.Address}", node.Held());
    }

    [Fact]
    public async Task What_does_not_answer_the_request_stays_where_it_is()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var former = await node.AddAsync("old", "10.0.0.8/32");

        await AskAsync(node, "elsewhere", [former], Some.Entry("10.0.1.0/32"));
        await AskAsync(node, "requests", [former], new AllocationEntry([Some.Range("10.0.0.8-10.0.0.9")], Address.Parse("10.0.0.9")));

        Assert.Equal(["elsewhere 10.0.1.0", "old 10.0.0.8", "requests 10.0.0.9"], node.Held());
    }

    [Fact]
    public async Task Of_two_former_ones_for_one_entry_it_goes_on_with_the_one_that_answers()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var elsewhere = await node.AddAsync("elsewhere", "10.0.1.0/32");
        var former = await node.AddAsync("old", "10.0.0.8/32");
        var another = await node.AddAsync("older", "10.0.0.9/32");

        var outcome = await AskAsync(node, "new", [elsewhere, former, another], Some.Entry("10.0.0.8-10.0.0.9"));

        Assert.Equal(former.Address, Assert.Single(Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses).Lease.Address);
        Assert.Equal(["elsewhere 10.0.1.0", "new 10.0.0.8", "older 10.0.0.9"], node.Held());
    }

    [Fact]
    public async Task Of_two_that_ask_at_once_one_has_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var former = await node.AddAsync("old", "10.0.0.0/30");

        var (first, second) = await node.TogetherAsync(() => (AskAsync(node, "one", [former], Some.Entry("10.0.0.0/30")), AskAsync(node, "two", [former], Some.Entry("10.0.0.0/30"))));

        Assert.IsType<AllocationOutcome.Allocated>(await first);
        Assert.IsType<AllocationOutcome.Allocated>(await second);
        Assert.Equal(["one 10.0.0.0", "two 10.0.0.1"], node.Held());
    }

    [Fact]
    public async Task A_request_that_is_refused_for_another_entry_keeps_nothing()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var former = await node.AddAsync("old", "10.0.0.8/32");
        await node.AddAsync("other", "10.0.1.8/32");

        Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(node, "new", [former], Some.Entry("10.0.0.8/32"), Some.Entry("10.0.1.8/32")));

        Assert.DoesNotContain(node.Held(), static held => held.StartsWith("new", StringComparison.Ordinal));
        Assert.Contains("other 10.0.1.8", node.Held());
    }

    private static Task<AllocationOutcome> AskAsync(TestNode node, string owner, IReadOnlyList<Lease> inherited, params AllocationEntry[] entries) =>
        node.Allocator.AllocateAsync(Some.Request(owner, entries) with { Inherited = inherited, Pod = Pod }, default);
}
