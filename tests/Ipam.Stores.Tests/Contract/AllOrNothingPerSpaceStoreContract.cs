using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>
/// What a store promises besides, if it commits all changes of a space or none: then it also sees to it that an owner has one lease
/// per entry in a space.
/// </summary>
public abstract partial class AllOrNothingPerSpaceStoreContract : StoreContract
{
    protected sealed override bool CommitsAllOrNothing => true;

    [Fact]
    public async Task An_owner_who_already_holds_an_entry_elsewhere_gets_no_second_lease_for_it()
    {
        var held = Some.Lease("10.0.1.1", Some.Owner());
        var elsewhere = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0"), held));
        var here = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0"), Some.Lease("10.0.0.1")));

        var results = await CommitAsync(
            Change.Give(Some.NoBlock("10.0.2.0"), Some.Lease("10.0.2.1")),
            Change.Give(here, Some.Lease("10.0.0.2"), Some.Lease("10.0.0.3", held.Owner)));

        Assert.Equal([CommitStatus.Aborted, CommitStatus.Conflict], results.Select(result => result.Status));
        Assert.Equivalent(new[] { here, elsewhere }, results[1].Current, strict: true);
        Assert.Equal([here, elsewhere], await ListAsync());
    }

    [Fact]
    public async Task An_owner_who_already_holds_an_entry_gets_no_second_lease_for_it_in_a_new_block_either()
    {
        var held = Some.Lease("10.0.1.1", Some.Owner());
        var elsewhere = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0"), held));

        var result = Assert.Single(await CommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.3", held.Owner))));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([elsewhere], result.Current);
        Assert.Null(await ReadAsync(Some.NoBlock().Id));
    }

    [Fact]
    public async Task An_owners_lease_moves_from_one_block_to_another_in_one_commit_in_either_order()
    {
        var lease = Some.Lease("10.0.0.1");
        var from = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0"), lease));
        var moved = Some.Lease("10.0.1.1", lease.Owner);
        var to = Some.NoBlock("10.0.1.0");

        var there = await CommitAsync(Change.Give(to, moved), Change.Release(from, lease));
        Assert.All(there, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal([moved], await FindAsync(lease.Owner));

        var back = Some.Lease("10.0.0.2", lease.Owner);
        var (emptied, holding) = ((await ReadAsync(from.Id))!, (await ReadAsync(to.Id))!);
        var home = await CommitAsync(Change.Release(holding, moved), Change.Give(emptied, back));
        Assert.All(home, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal([back], await FindAsync(lease.Owner));
    }
}
