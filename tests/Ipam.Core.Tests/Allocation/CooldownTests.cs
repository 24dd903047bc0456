using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>A freed address isn't handed out again before its time.</summary>
public class CooldownTests
{
    private static readonly AllocationPolicy Minute = new() { Order = AllocationOrder.Lowest, Cooldown = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_freed_address_cools_down_and_is_then_handed_out_again(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        Assert.Equal("10.0.0.0", await AddAsync(node, "a"));
        await node.DeleteAsync("a");
        Assert.Equal("10.0.0.1", await AddAsync(node, "b"));
        node.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("10.0.0.2", await AddAsync(node, "c"));
        node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.0", await AddAsync(node, "d"));
    }

    [Fact]
    public async Task A_cooldown_outlives_a_restart()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await AddAsync(node, "a");
        await node.DeleteAsync("a");
        node.Time.Advance(TimeSpan.FromSeconds(30));
        await using var restarted = await node.RestartAsync();
        Assert.Equal("10.0.0.1", await AddAsync(restarted, "b"));
        restarted.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("10.0.0.0", await AddAsync(restarted, "c"));
    }

    [Fact]
    public async Task When_all_others_are_held_the_range_is_exhausted_until_the_cooldown_is_over()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await AddAsync(node, "a", Minute, "10.0.0.0-10.0.0.1");
        await AddAsync(node, "b", Minute, "10.0.0.0-10.0.0.1");
        await node.DeleteAsync("a");
        var exhausted = Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(node, "c", Minute, "10.0.0.0-10.0.0.1"));
        Assert.Equal((1, 1), (exhausted.Held, exhausted.CoolingDown));
        node.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("10.0.0.0", await AddAsync(node, "c", Minute, "10.0.0.0-10.0.0.1"));
    }

    [Fact]
    public async Task Where_the_pool_says_so_the_address_whose_cooldown_ends_first_is_handed_out_when_nothing_else_is_left()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var eager = Minute with { ReusesCooling = true };
        foreach (var owner in (string[])["a", "b", "c"])
            await AddAsync(node, owner, eager, "10.0.0.62-10.0.0.64");
        await node.DeleteAsync("c");
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.DeleteAsync("a");
        Assert.Equal("10.0.0.64", await AddAsync(node, "d", eager, "10.0.0.62-10.0.0.64"));
        Assert.Equal("10.0.0.62", await AddAsync(node, "e", eager, "10.0.0.62-10.0.0.64"));
        Assert.IsType<AllocationOutcome.Exhausted>(await AskAsync(node, "f", eager, "10.0.0.62-10.0.0.64"));
    }

    [Theory]
    [InlineData(365 * 24 * 60, true)]
    [InlineData(60, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public async Task A_cooldown_that_a_clock_ahead_began_keeps_nobody_from_the_last_address(int minutesAhead, bool isHandedOut)
    {
        var store = new InMemoryStore(StoreMode.AllOrNothing);
        await using (var ahead = await TestNode.StartAsync(store, new ManualTimeProvider(Some.Instant.AddMinutes(minutesAhead))))
        {
            await AddAsync(ahead, "a", Minute, "10.0.0.0-10.0.0.1");
            await AddAsync(ahead, "b", Minute, "10.0.0.0-10.0.0.1");
            await ahead.DeleteAsync("a");
        }
        Assert.Single(store.Content.Blocks[0].Cooling);

        await using var node = await TestNode.StartAsync(store, new ManualTimeProvider(Some.Instant));
        var answer = await AskAsync(node, "c", Minute, "10.0.0.0-10.0.0.1");
        Assert.Equal(isHandedOut ? typeof(AllocationOutcome.Allocated) : typeof(AllocationOutcome.Exhausted), answer.GetType());
    }

    [Fact]
    public async Task A_requested_address_that_cools_down_is_refused()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await AddAsync(node, "a");
        await node.DeleteAsync("a");
        var request = Some.Request("b", new AllocationEntry([Some.Range("10.0.0.0/24")], Core.Addresses.Address.Parse("10.0.0.0"))).Under(Minute);
        var refused = Assert.IsType<AllocationOutcome.RequestRefused>(await node.Allocator.AllocateAsync(request, default));
        Assert.Equal(RefusalReason.CoolingDown, refused.Reason);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<AllocationOutcome.Allocated>(await node.Allocator.AllocateAsync(request, default));
    }

    [Fact]
    public async Task The_owner_of_an_address_gets_it_again_without_any_cooldown()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        Assert.Equal(await AddAsync(node, "a"), await AddAsync(node, "a"));
    }

    [Fact]
    public async Task A_block_with_a_cooling_address_is_kept_and_then_given_back()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var hour = Minute with { Cooldown = TimeSpan.FromHours(1) };
        await AddAsync(node, "a", hour);
        await node.DeleteAsync("a");
        // The range's place for the next address would keep the block, too.
        await using var restarted = await node.RestartAsync();
        restarted.Time.Advance(TimeSpan.FromMinutes(30));
        await restarted.MaintainAsync();
        Assert.Single(node.Store.Content.Blocks);
        restarted.Time.Advance(TimeSpan.FromMinutes(30));
        await restarted.MaintainAsync();
        Assert.Empty(node.Store.Content.Blocks);
    }

    private static Task<string> AddAsync(TestNode node, string owner) => AddAsync(node, owner, Minute);

    private static async Task<string> AddAsync(TestNode node, string owner, AllocationPolicy policy, string range = "10.0.0.0/24") =>
        Assert.IsType<AllocationOutcome.Allocated>(await AskAsync(node, owner, policy, range)).Addresses[0].Lease.Address.ToString();

    private static Task<AllocationOutcome> AskAsync(TestNode node, string owner, AllocationPolicy policy, string range) =>
        node.Allocator.AllocateAsync(Some.Request(owner, Some.Entry(range)).Under(policy), default);
}
