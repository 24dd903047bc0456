using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class MaintenanceTests
{
    private static readonly TimeSpan Keep = new AllocatorOptions().KeepEmptyBlocks;

    [Fact]
    public async Task An_empty_block_is_deleted_once_its_last_lease_is_long_ago()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        await node.DeleteAsync("a");
        // Another range's turn: the order next no longer needs the block.
        await using var restarted = await node.RestartAsync();
        restarted.Time.Advance(Keep - TimeSpan.FromSeconds(1));
        await restarted.MaintainAsync();
        Assert.Single(restarted.Store.Content.Blocks);
        restarted.Time.Advance(TimeSpan.FromSeconds(2));
        await restarted.MaintainAsync();
        Assert.Empty(restarted.Store.Content.Blocks);
    }

    [Fact]
    public async Task An_empty_block_whose_leases_came_from_a_clock_that_was_ahead_is_deleted_in_its_time()
    {
        await using var ahead = await TestNode.StartAsync(new InMemoryStore(StoreMode.AllOrNothing), new ManualTimeProvider(Some.Instant.AddYears(1)));
        await ahead.AddAsync("a", "10.0.0.0/24");
        await ahead.DeleteAsync("a");
        await using var node = await TestNode.StartAsync(ahead.Store, new ManualTimeProvider(Some.Instant));
        await node.MaintainAsync();
        Assert.Single(node.Store.Content.Blocks);
        node.Time.Advance(Keep + TimeSpan.FromSeconds(1));
        await node.MaintainAsync();
        Assert.Empty(node.Store.Content.Blocks);
    }

    [Fact]
    public async Task An_empty_block_is_kept_while_the_order_next_goes_on_from_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        await node.DeleteAsync("a");
        node.Time.Advance(2 * Keep);
        await node.MaintainAsync();
        Assert.Single(node.Store.Content.Blocks);
        Assert.Equal("10.0.0.1", (await node.AddAsync("a", "10.0.0.0/24")).Address.ToString());
    }

    [Fact]
    public async Task A_block_that_holds_a_lease_stays()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        await using var restarted = await node.RestartAsync();
        restarted.Time.Advance(100 * Keep);
        await restarted.MaintainAsync();
        Assert.Equal(["a 10.0.0.0"], restarted.Held());
    }

    [Fact]
    public async Task A_block_that_another_node_takes_an_address_from_meanwhile_stays()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        await node.DeleteAsync("a");
        await using var restarted = await node.RestartAsync();
        restarted.Time.Advance(2 * Keep);
        restarted.Store.Committing = _ =>
        {
            restarted.Store.Committing = static _ => { };
            restarted.Other.Take("10.0.0.9", "b");
        };
        await restarted.MaintainAsync();
        Assert.Equal(["b 10.0.0.9"], restarted.Held());
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_release_token_is_void_after_its_block_was_deleted_and_created_anew(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode, new AllocatorOptions { KeepEmptyBlocks = TimeSpan.Zero });
        var older = await node.AddAsync("a", "10.0.0.7/32");
        await node.DeleteAsync("a");
        await node.AddAsync("b", "10.0.9.0/24");
        await using var restarted = await node.RestartAsync();
        restarted.Time.Advance(2 * Keep);
        await restarted.MaintainAsync();
        Assert.DoesNotContain(restarted.Store.Content.Blocks, static block => block.Held == 0);

        var newer = await restarted.AddAsync("a", "10.0.0.7/32");
        Assert.True(newer.Sequence > older.Sequence);
        Assert.False(await restarted.Allocator.ReleaseAsync(older, ReleaseCause.Gc, default));
        Assert.Equal(["a 10.0.0.7", "b 10.0.9.0"], restarted.Held());
        Assert.Empty(restarted.Store.Content.Violations);
    }

    [Fact]
    public async Task What_others_changed_is_learned()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        await node.AddAsync("b", "10.0.1.0/24");
        node.Other.Take("10.0.0.1", "c");
        node.Other.Take("10.0.0.100", "d");
        node.Other.Give("10.0.1.0");
        node.Other.Delete("10.0.1.0");
        await node.MaintainAsync();

        var usage = node.Allocator.Usage;
        Assert.Equal([("10.0.0.0-10.0.0.255", 3L), ("10.0.1.0-10.0.1.255", 0L)], usage.Select(static u => ($"{u.Range}", u.Held)).Order());
        Assert.Equal("10.0.0.2", (await node.AddAsync("e", "10.0.0.0/24")).Address.ToString());
    }

    [Fact]
    public async Task Usage_counts_what_can_be_handed_out_and_what_is_held_of_it()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", new AllocationEntry([Some.Range("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25")]));
        await node.AddAsync("b", "10.0.0.130/32");
        var usage = node.Allocator.Usage;
        Assert.Equal(
            [("10.0.0.0-10.0.0.127", (UInt128)127, 1L), ("10.0.0.130", (UInt128)1, 1L)],
            usage.Select(static u => ($"{u.Range}", u.Size, u.Held)).Order());
    }
}
