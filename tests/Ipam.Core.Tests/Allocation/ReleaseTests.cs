using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation;

public class ReleaseTests
{
    [Fact]
    public async Task A_release_gives_back_all_of_an_owner_and_nothing_of_others()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var held = await node.AddAsync("a", Some.Entry("10.0.0.0/24"), Some.Entry("fd00::/64"));
        await node.AddAsync("b", "10.0.0.0/24");
        await node.Allocator.AllocateAsync(Some.Request("a", Some.Entry("10.0.0.0/24")) with { Space = "other" }, default);

        Assert.Equal(held.Length + 1, (await node.DeleteAsync("a")).Count);
        Assert.Equal(["b 10.0.0.1"], node.Held());
        Assert.Empty(await node.DeleteAsync("a"));
        Assert.Empty(await node.DeleteAsync("nobody"));
    }

    [Fact]
    public async Task A_release_spares_the_leases_that_it_is_told_to()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        var later = await node.AddAsync("a", Some.Entry("10.0.0.0/24"), Some.Entry("fd00::/64"));

        var released = await node.Allocator.ReleaseAsync(Some.Owner("a"), ReleaseCause.Del, lease => lease.IsSameAs(later[1]), default);
        Assert.Equal([later[0]], released);
        Assert.Equal(["a fd00::"], node.Held());
        Assert.Empty(await node.Allocator.ReleaseAsync(Some.Owner("a"), ReleaseCause.Del, lease => lease.IsSameAs(later[1]), default));
        Assert.Equal(["a fd00::"], node.Held());
    }

    [Fact]
    public async Task A_lease_that_another_process_wrote_is_found_in_the_store_and_released()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("b", "10.0.0.0/24");
        var lease = node.Other.Take("10.0.0.200", "a");
        Assert.Equal([lease], await node.DeleteAsync("a"));
        Assert.Equal(["b 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task A_lease_from_a_clock_that_was_ahead_is_released_all_the_same()
    {
        var store = new InMemoryStore(StoreMode.AllOrNothing) { HasOwnerIndex = false };
        await using var node = await TestNode.StartAsync(store, new ManualTimeProvider(Some.Instant - TimeSpan.FromDays(1)));
        node.Other.Take("10.0.0.200", "a");
        Assert.Single(await node.DeleteAsync("a"));
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_lease_that_another_process_released_is_not_told_of()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        await node.AddAsync("a", "10.0.0.0/24");
        node.Other.Give("10.0.0.0");
        node.Other.Take("10.0.0.0", "b");
        Assert.Empty(await node.DeleteAsync("a"));
        Assert.Equal(["b 10.0.0.0"], node.Held());
    }

    [Fact]
    public async Task A_release_by_token_hits_that_very_lease_only()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var older = await node.AddAsync("a", "10.0.0.7/32");
        Assert.True(await node.Allocator.ReleaseAsync(older, ReleaseCause.Gc, default));
        var newer = await node.AddAsync("a", "10.0.0.7/32");

        Assert.False(await node.Allocator.ReleaseAsync(older, ReleaseCause.Gc, default));
        Assert.False(await node.Allocator.ReleaseAsync(newer with { Owner = Some.Owner("b") }, ReleaseCause.Gc, default));
        Assert.Equal(["a 10.0.0.7"], node.Held());
        Assert.True(await node.Allocator.ReleaseAsync(newer, ReleaseCause.Gc, default));
        Assert.Empty(node.Held());
        Assert.False(await node.Allocator.ReleaseAsync(newer, ReleaseCause.Gc, default));
    }

    [Fact]
    public async Task A_release_by_token_finds_a_lease_that_another_process_wrote()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var lease = node.Other.Take("10.0.0.7", "a");
        Assert.True(await node.Allocator.ReleaseAsync(lease, ReleaseCause.Gc, default));
        Assert.Empty(node.Held());
    }

    [Fact]
    public async Task A_release_whose_lease_is_there_when_it_looks_and_gone_when_it_acts_finds_nothing_to_do()
    {
        await using var node = await TestNode.StartAsync(StoreMode.AllOrNothing);
        var calls = 0;
        node.Store.Fault = _ => StoreFault.Meddle;
        node.Store.Meddle = () =>
        {
            if (++calls == 1)
                node.Other.Take("10.0.0.7", "a");
            else if (calls == 2)
                node.Other.Give("10.0.0.7");
        };
        await node.DeleteAsync("a");
        Assert.True(calls >= 2);
        Assert.Empty(node.Held());
    }
}
