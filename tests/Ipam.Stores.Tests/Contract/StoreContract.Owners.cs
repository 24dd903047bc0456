using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Contract;

/// <summary>An owner is found by who it is.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Leases_are_found_by_owner_over_all_blocks_and_spaces_in_order_of_entry()
    {
        var owner = Some.Owner();
        var second = Some.Lease("10.0.0.1", owner, entry: 1);
        var first = Some.Lease("10.0.0.9", owner, entry: 0);
        var third = Some.Lease("fd00::1", owner, entry: 2);
        var elsewhere = Some.Lease("10.0.0.1", owner, entry: 3, space: "red");
        await MustCommitAsync(Change.Give(Some.NoBlock(), second, first, Some.Lease("10.0.0.2")));
        await MustCommitAsync(Change.Give(Some.NoBlock("fd00::"), third));
        await MustCommitAsync(Change.Give(Some.NoBlock(space: "red"), elsewhere));

        Assert.Equal([first, second, third, elsewhere], await FindAsync(owner));
    }

    [Fact]
    public async Task Owners_that_differ_in_one_part_only_are_different_owners()
    {
        var owner = new Owner("pods", "c1", "eth0");
        Owner[] others = [owner with { Network = "Pods" }, owner with { ContainerId = "c1 " }, owner with { InterfaceName = "eth01" }];
        var leases = others.Append(owner).Select((o, i) => Some.Lease($"10.0.0.{i}", o)).ToArray();
        await MustCommitAsync(Change.Give(Some.NoBlock(), leases));

        foreach (var lease in leases)
            Assert.Equal([lease], await FindAsync(lease.Owner));
    }

    [Fact]
    public async Task An_owner_who_holds_nothing_is_not_found() => Assert.Empty(await FindAsync(Some.Owner()));

    [Fact]
    public async Task Two_owners_swap_their_addresses_in_one_change()
    {
        var (a, b) = (Some.Lease("10.0.0.1"), Some.Lease("10.0.0.2"));
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), a, b));
        var (aNow, bNow) = (Some.Lease("10.0.0.2", a.Owner), Some.Lease("10.0.0.1", b.Owner));

        await MustCommitAsync(Change.Of(block, [aNow, bNow], [a, b]));

        Assert.Equal([aNow], await FindAsync(a.Owner));
        Assert.Equal([bNow], await FindAsync(b.Owner));
    }
}
