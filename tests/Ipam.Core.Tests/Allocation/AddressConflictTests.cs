using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>An address that somebody on the wire answers for is set aside for its owner, who gets another one.</summary>
public class AddressConflictTests
{
    private const string Mac = "02:00:00:00:00:09";

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task The_owner_gets_another_one_and_nobody_gets_the_one_in_use(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        AllocationEntry[] entries = [Some.Entry("10.0.0.8/30"), Some.Entry("fd00::8/126")];
        var first = await node.AddAsync("a", entries);

        var second = await ToldAsync(node, "a", entries, first[0].Address);

        Assert.Equal(["10.0.0.9", "fd00::8"], second.Select(static lease => lease.Address.ToString()));
        Assert.Equal(first[1], second[1]);
        Assert.Equal(second, await node.AddAsync("a", entries));
        Assert.Equal(second, await ToldAsync(node, "a", entries, first[0].Address));
        Assert.Equal("10.0.0.10", (await node.AddAsync("b", "10.0.0.8/30")).Address.ToString());
        Assert.Equal("10.0.0.11", (await node.AddAsync("c", "10.0.0.8/30")).Address.ToString());
        Assert.IsType<AllocationOutcome.Exhausted>(await node.AskAsync("d", Some.Entry("10.0.0.8/30")));

        Assert.Equal(2, (await node.DeleteAsync("a")).Count);
        var conflict = Assert.Single(node.Store.Content.Leases, static lease => lease.Owner.IsConflict);
        Assert.Equal(("10.0.0.8", $"conflict:net/{Mac}/default/10.0.0.8", "node"), (conflict.Address.ToString(), conflict.Owner.ToString(), conflict.Node));
        Assert.Equal((Some.Instant + TimeSpan.FromMinutes(10), (PodReference?)null, ""), (conflict.EndsAt, conflict.Pod, conflict.NetworkNamespace));
        Assert.True(conflict.Sequence > first[0].Sequence);
    }

    [Fact]
    public async Task Where_no_other_is_left_the_one_in_use_is_set_aside_all_the_same()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var lease = await node.AddAsync("a", "10.0.0.8/32");

        Assert.IsType<AllocationOutcome.Exhausted>(await TellAsync(node, "a", [Some.Entry("10.0.0.8/32")], lease.Address));

        Assert.True(Assert.Single(node.Store.Content.Leases).Owner.IsConflict);
        Assert.Empty(await node.DeleteAsync("a"));
    }

    [Fact]
    public async Task Of_a_requested_address_it_is_said_who_has_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var entry = new AllocationEntry([Some.Range("10.0.0.0/28")], Address.Parse("10.0.0.8"));
        await node.AddAsync("a", entry);

        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(await TellAsync(node, "a", [entry], entry.Requested!.Value));

        Assert.Equal((RefusalReason.Held, Mac), (refused.Reason, refused.InTheWay?.Owner.ContainerId));
    }

    [Fact]
    public async Task What_the_owner_does_not_hold_stays_whose_it_is()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var others = await node.AddAsync("b", "10.0.0.8/30");

        var leases = await ToldAsync(node, "a", [Some.Entry("10.0.0.8/30")], others.Address, Address.Parse("10.0.0.11"), Address.Parse("10.9.9.9"));

        Assert.Equal("10.0.0.9", Assert.Single(leases).Address.ToString());
        Assert.Equal(["a 10.0.0.9", "b 10.0.0.8"], node.Held());
    }

    [Fact]
    public async Task Beside_others_who_write_to_the_block_it_is_set_aside_too()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = await node.AddAsync("a", "10.0.0.8/30");
        node.Other.Take("10.0.0.9", "other");

        var second = await ToldAsync(node, "a", [Some.Entry("10.0.0.8/30")], lease.Address);

        Assert.Equal("10.0.0.10", Assert.Single(second).Address.ToString());
        Assert.Equal([$"{Mac} 10.0.0.8", "a 10.0.0.10", "other 10.0.0.9"], node.Held());
    }

    // One that took no cooldown along: there is nobody who could still use it.
    [Fact]
    public async Task It_ends_by_a_release_and_is_free_at_once()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var policy = new AllocationPolicy { Cooldown = TimeSpan.FromHours(1) };
        var range = Some.Range("10.0.0.8/32").Under(policy);
        var lease = Assert.Single(await node.AddAsync("a", new AllocationEntry([range])));
        await TellAsync(node, "a", [new AllocationEntry([range])], lease.Address);
        var conflict = Assert.Single(node.Store.Content.Leases);

        Assert.True(await node.Allocator.ReleaseAsync(conflict, ReleaseCause.Expiry, default));

        Assert.Equal(lease.Address, Assert.Single(await node.AddAsync("b", new AllocationEntry([range]))).Address);
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task Whether_a_commit_arrived_or_not_the_address_is_never_free_and_nothing_is_lost(StoreMode mode)
    {
        foreach (var fault in (StoreFault[])[StoreFault.FailBefore, StoreFault.FailAfter, StoreFault.FailMixed])
        {
            await using var node = await TestNode.StartAsync(mode);
            var lease = await node.AddAsync("a", "10.0.0.8/30");
            node.Store.Fault = action => action == StoreAction.Commit ? fault : StoreFault.None;
            await Assert.ThrowsAnyAsync<Exception>(() => TellAsync(node, "a", [Some.Entry("10.0.0.8/30")], lease.Address));
            node.Store.Fault = static _ => StoreFault.None;
            node.Store.LandAll();
            await using var restarted = await node.RestartAsync();

            Assert.Single(restarted.Store.Content.Leases, held => held.Address == lease.Address);
            await ToldAsync(restarted, "a", [Some.Entry("10.0.0.8/30")], lease.Address);

            Assert.Equal([$"{Mac} 10.0.0.8", "a 10.0.0.9"], restarted.Held());
        }
    }

    [Fact]
    public void Its_time_is_over_after_ten_minutes_or_if_a_clock_was_ahead()
    {
        var conflict = Some.Lease("10.0.0.8") with { Owner = Owner.Conflict("net", Mac, Some.Space, Address.Parse("10.0.0.8")) };
        var now = Some.Instant;

        Assert.False(conflict.IsOver(now));
        Assert.False(conflict.IsOver(now + TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1)));
        Assert.True(conflict.IsOver(now + TimeSpan.FromMinutes(10)));
        Assert.False(conflict.IsOver(now + TimeSpan.FromMinutes(10), longAgo: TimeSpan.FromMinutes(1)));
        Assert.True(conflict.IsOver(now + TimeSpan.FromMinutes(11), longAgo: TimeSpan.FromMinutes(1)));
        Assert.False(conflict.IsOver(now - TimeSpan.FromMinutes(10), longAgo: TimeSpan.FromMinutes(30)));
        Assert.True(conflict.IsOver(now - TimeSpan.FromMinutes(11)));
        Assert.False(Some.Lease("10.0.0.8").IsOver(now + TimeSpan.FromDays(100)));
        Assert.True(conflict.Owner is { IsConflict: true, IsStatic: false, IsOutside: true });
    }

    private static Task<AllocationOutcome> TellAsync(TestNode node, string owner, AllocationEntry[] entries, params Address[] inUse) =>
        node.Allocator.AllocateAsync(Some.Request(owner, entries) with { Conflicts = [.. inUse.Select(static address => new AddressConflict(address, Mac))] }, default);

    private static async Task<Lease[]> ToldAsync(TestNode node, string owner, AllocationEntry[] entries, params Address[] inUse) =>
        [.. Assert.IsType<AllocationOutcome.Allocated>(await TellAsync(node, owner, entries, inUse)).Addresses.Select(static address => address.Lease)];
}
