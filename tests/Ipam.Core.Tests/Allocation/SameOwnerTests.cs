using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

/// <summary>Requests of one owner take effect, and are answered, in the order in which they came, even if they share a commit.</summary>
public class SameOwnerTests
{
    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_release_does_not_take_away_what_the_same_owner_asked_for_later(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        await node.AddAsync("a", "10.0.0.0/32");
        var (released, added) = await node.TogetherAsync(() =>
        {
            // The release conflicts; the address asked for behind it is in another block and doesn't.
            BeforeCommit(2, node, () => node.Other.Touch("10.0.0.0"));
            return (node.DeleteAsync("a"), node.AddAsync("a", "10.0.1.0/32"));
        });
        Assert.NotEmpty(await released);
        Assert.Equal("10.0.1.0", (await added).Address.ToString());
        Assert.Equal(["a 10.0.1.0"], node.Held());
    }

    [Theory]
    [InlineData(StoreMode.AllOrNothing)]
    [InlineData(StoreMode.PerBlock)]
    public async Task A_release_takes_away_what_the_same_owner_asked_for_before(StoreMode mode)
    {
        await using var node = await TestNode.StartAsync(mode);
        var (added, released) = await node.TogetherAsync(() => (node.AddAsync("a", "10.0.0.0/24"), node.DeleteAsync("a")));
        Assert.Equal([await added], await released);
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_release_waits_for_a_request_before_it_that_needs_another_attempt()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await node.AddAsync("b", "10.0.0.0/32");
        var (added, released) = await node.TogetherAsync(() =>
        {
            // Memory takes the range for full; the store knows better.
            node.Other.Give("10.0.0.0");
            return (node.AddAsync("a", "10.0.0.0/32"), node.DeleteAsync("a"));
        });
        Assert.Equal([await added], await released);
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task An_answer_is_not_built_on_an_address_that_an_earlier_request_of_the_owner_gives_back()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        var (two, one) = await node.TogetherAsync(() =>
        {
            BeforeCommit(2, node, () => node.Other.Take("10.0.1.0", "b"));
            return (node.AskAsync("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/32")), node.AddAsync("a", "10.0.0.0/26"));
        });
        Assert.IsType<AllocationOutcome.Exhausted>(await two);
        Assert.Equal(["a " + (await one).Address, "b 10.0.1.0"], node.Held());
    }

    [Fact]
    public async Task A_release_over_two_blocks_is_whole_even_if_one_takes_another_attempt()
    {
        await using var node = await TestNode.StartAsync(StoreMode.PerBlock);
        await node.AddAsync("a", Some.Entry("10.0.0.0/26"), Some.Entry("10.0.1.0/26"));
        BeforeCommit(1, node, () => node.Other.Touch("10.0.1.0"));
        Assert.NotEmpty(await node.DeleteAsync("a"));
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_release_token_does_not_come_back_though_the_lease_was_never_written()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var (first, released) = await node.TogetherAsync(() => (node.AddAsync("a", "10.0.0.7/32"), node.DeleteAsync("a")));
        await released;
        var second = await node.AddAsync("a", "10.0.0.7/32");
        Assert.NotEqual((await first).Sequence, second.Sequence);
        Assert.False(await node.Allocator.ReleaseAsync(await first, ReleaseCause.Gc, default));
        Assert.Equal(["a 10.0.0.7"], node.Held());
    }

    /// <summary>Does something before a commit; 1 is the next one. (The one that keeps requests waiting for each other counts.)</summary>
    private static void BeforeCommit(int number, TestNode node, Action action)
    {
        node.Store.Committing = _ =>
        {
            if (--number == 0)
                action();
        };
    }
}
