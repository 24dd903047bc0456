using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Leases that may have any of some addresses, in a block that somebody else changed.</summary>
public abstract partial class StoreContract
{
    private const ulong Anywhere = ulong.MaxValue;

    [Fact]
    public async Task Leases_that_may_be_elsewhere_are_placed_beside_what_others_wrote()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.0")));
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.1"), Some.Lease("10.0.0.3"), Some.Lease("10.0.0.63")));
        var change = Change.Give(old, Some.Lease("10.0.0.1"), Some.Lease("10.0.0.2", new Owner("pods", "a \"quoted,0,1\" container", "eth0"))) with { Elsewhere = Anywhere };

        var result = Assert.Single(await CommitAsync(change));

        Assert.Equal(CommitStatus.Committed, result.Status);
        var placed = Assert.Single(result.Current);
        Assert.Equal(change.PlacedIn(current)!.Block with { Version = result.Version }, placed);
        Assert.True(current.Version != result.Version);
        Assert.Equal([placed], await ListAsync());
        Assert.Equal([placed.Leases.Single(lease => lease.IsPlacedFrom(change.Added[1]))], (await FindAsync(change.Added[1].Owner)).Whole);
        Assert.Equal("10.0.0.4", placed.Leases.Single(lease => lease.IsPlacedFrom(change.Added[1])).Address.ToString());

        // What was placed can be released like anything else.
        var left = await MustCommitAsync(Change.Release(placed, [.. placed.Leases]));
        Assert.Equal([left], await ListAsync());
        Assert.Empty(await FindAsync(change.Added[1].Owner));
    }

    [Fact]
    public async Task A_block_that_was_to_be_created_and_is_there_is_one_to_place_leases_in()
    {
        var current = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.0")));
        var change = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.0")) with { Elsewhere = Anywhere };

        var placed = Assert.Single(Assert.Single(await CommitAsync(change)).Current);

        Assert.Equal([current.Leases[0].Address, Core.Addresses.Address.Parse("10.0.0.1")], placed.Leases.Select(static lease => lease.Address));
        Assert.Equal([placed], await ListAsync());
    }

    [Fact]
    public async Task Nothing_is_placed_where_it_may_not_be_is_held_or_cools_down()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));
        CoolingAddress[] cooling = [new(2, DateTimeOffset.UnixEpoch.AddYears(90)), new(5, DateTimeOffset.UnixEpoch.AddYears(1))];
        var current = await MustCommitAsync(Change.Give(old with { Cooling = cooling }, Some.Lease("10.0.0.0"), Some.Lease("10.0.0.4")));
        var change = Change.Give(old, Some.Lease("10.0.0.0"), Some.Lease("10.0.0.1")) with { Elsewhere = 0b0111_0101 };

        // 10.0.0.0 and .4 are held, .2 and .5 cool down: only .6 is left for two.
        var refused = Assert.Single(await CommitAsync(change));
        Assert.Equal(CommitStatus.Conflict, refused.Status);
        Assert.Equal([current], refused.Current);
        Assert.Equal([current], await ListAsync());

        var one = Assert.Single(await CommitAsync(Change.Give(old, Some.Lease("10.0.0.0")) with { Elsewhere = 0b0111_0101 }));
        Assert.Equal("10.0.0.6", Assert.Single(one.Current).Leases[^1].Address.ToString());
        Assert.Equal(cooling, one.Current[0].Cooling);
    }

    [Fact]
    public async Task Nothing_is_placed_in_a_block_of_a_node_nor_by_a_change_that_ends_something()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.9")));
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.0")));
        foreach (var change in new[]
        {
            Change.Of(old, [Some.Lease("10.0.0.0")], [old.Leases[0]]),
            Change.Give(old with { Node = "node-a" }, Some.Lease("10.0.0.0")),
        })
        {
            Assert.Equal(CommitStatus.Conflict, Assert.Single(await CommitAsync(change with { Elsewhere = Anywhere })).Status);
        }
        Assert.Equal([current], await ListAsync());

        var owned = await MustCommitAsync(Change.Give(current with { Node = "node-a" }));
        Assert.Equal(CommitStatus.Conflict, Assert.Single(await CommitAsync(Change.Give(old, Some.Lease("10.0.0.0")) with { Elsewhere = Anywhere })).Status);
        Assert.Equal([owned], await ListAsync());
    }

    [Fact]
    public async Task An_owner_that_others_gave_an_address_in_the_block_gets_no_second_one_there()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));
        var owner = Some.Owner();
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.0", owner)));

        var result = Assert.Single(await CommitAsync(Change.Give(old, Some.Lease("10.0.0.1", owner)) with { Elsewhere = Anywhere }));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([current], result.Current);
    }

    [Fact]
    public async Task Sequences_of_leases_that_are_placed_go_on_from_the_block_s()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0")));
        var ahead = Some.Lease("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0") with { Sequence = Lease.SequenceLimit - 10 };
        await MustCommitAsync(Change.Give(old, ahead));

        var placed = Assert.Single(Assert.Single(await CommitAsync(Change.Give(old, Some.Lease("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0")) with { Elsewhere = Anywhere })).Current);

        Assert.Equal(ahead.Sequence + 1, placed.LastSequence);
        Assert.Equal(ahead.Sequence + 1, placed.Leases[^1].Sequence);
        Assert.Equal([placed], await ListAsync());
    }

    /// <summary>Against the one rule that all stores share, in any block.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Leases_are_placed_as_the_rule_says(int seed)
    {
        var random = new Random(seed);
        var current = await MustCommitAsync(Change.Give(Some.NoBlock()));
        for (var step = 0; step < 60; step++)
        {
            var old = current;
            var gone = current.Leases.Where(_ => random.Next(4) == 0).ToArray();
            var offsets = Enumerable.Range(0, BlockId.Size).Where(offset => (current.Held >> offset & 1) == 0).ToArray();
            random.Shuffle(offsets);
            current = await MustCommitAsync(Change.Of(
                current with { Cooling = [.. offsets.Skip(8).Take(random.Next(4)).Order().Select(static offset => new CoolingAddress(offset, DateTimeOffset.UnixEpoch.AddYears(60)))] },
                [.. offsets.Take(random.Next(8)).Order().Select(offset => Some.Lease(current.Id.AddressAt(offset)))], gone));
            var wanted = Enumerable.Range(0, random.Next(1, 5)).Select(i => Some.Lease(old.Id.AddressAt(offsets[^(i + 1)]))).OrderBy(static lease => lease.Address).ToArray();
            var change = Change.Give(old with { Cooling = [] }, wanted) with { Elsewhere = (ulong)random.NextInt64() | (ulong)random.NextInt64(2) << 63 };

            var result = Assert.Single(await CommitAsync(change));

            var expected = change.PlacedIn(current);
            Assert.True((expected is null ? CommitStatus.Conflict : CommitStatus.Committed) == result.Status, $"seed {seed}, step {step}: {result.Status}");
            current = expected is null ? current : expected.Block with { Version = result.Version };
            Assert.True(current.Equals(Assert.Single(result.Current)), $"seed {seed}, step {step}: another block");
            Assert.Equal(current, await ReadAsync(current.Id));
        }
    }
}
