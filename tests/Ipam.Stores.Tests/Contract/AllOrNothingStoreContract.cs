using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>
/// What a store promises besides, if it commits all changes of all spaces or none: then an owner has one lease per entry, whatever the
/// space.
/// </summary>
public abstract class AllOrNothingStoreContract : AllOrNothingPerSpaceStoreContract
{
    protected sealed override bool SpacesAreCommittedTogether => true;

    [Fact]
    public async Task An_owner_who_already_holds_an_entry_in_another_space_gets_no_second_lease_for_it()
    {
        var held = Some.Lease("10.0.1.1", Some.Owner(), space: "red");
        var elsewhere = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0", "red"), held));

        var result = Assert.Single(await CommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.3", held.Owner))));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([elsewhere], result.Current);
        Assert.Null(await ReadAsync(Some.NoBlock().Id));
    }

    [Fact]
    public async Task A_conflict_in_one_space_leaves_the_other_space_unwritten_too()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));
        var current = await MustCommitAsync(Change.Give(old));

        var results = await CommitAsync(Change.Give(Some.NoBlock(space: "red"), Some.Lease("10.0.0.1", space: "red")), Change.Give(old));

        Assert.Equal([CommitStatus.Aborted, CommitStatus.Conflict], results.Select(result => result.Status));
        Assert.Equal([current], await ListAsync());
    }
}
