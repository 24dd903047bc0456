using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>What a commit that can't be says, and that it leaves no trace.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task A_change_from_an_old_version_conflicts_and_shows_the_block_as_it_is()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.2")));

        var result = Assert.Single(await CommitAsync(Change.Give(old, Some.Lease("10.0.0.3"))));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([current], result.Current);
        Assert.Equal([current], await ListAsync());
    }

    [Fact]
    public async Task Creating_a_block_that_is_there_conflicts_and_shows_it()
    {
        var current = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));

        var result = Assert.Single(await CommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.2"))));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([current], result.Current);
        Assert.Equal([current], await ListAsync());
    }

    [Fact]
    public async Task Changing_a_block_that_is_gone_conflicts_and_shows_nothing()
    {
        var gone = await MustCommitAsync(Change.Give(Some.NoBlock()));
        await MustCommitAsync(Change.Delete(gone));

        foreach (var change in new[] { Change.Give(gone, Some.Lease("10.0.0.1")), Change.Delete(gone) })
        {
            var result = Assert.Single(await CommitAsync(change));
            Assert.Equal(CommitStatus.Conflict, result.Status);
            Assert.Empty(result.Current);
        }
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Deleting_a_block_that_changed_conflicts()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.1")));

        var result = Assert.Single(await CommitAsync(Change.Delete(old)));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([current], result.Current);
        Assert.Equal([current], await ListAsync());
    }

    [Fact]
    public async Task A_change_from_a_version_of_a_former_life_of_the_block_conflicts()
    {
        var former = await MustCommitAsync(Change.Give(Some.NoBlock()));
        await MustCommitAsync(Change.Delete(former));
        var current = await MustCommitAsync(Change.Give(Some.NoBlock()));

        var result = Assert.Single(await CommitAsync(Change.Give(former, Some.Lease("10.0.0.1"))));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([current], result.Current);
    }

    [Fact]
    public async Task One_conflict_among_several_changes_leaves_all_or_only_itself_unwritten()
    {
        var old = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0"), Some.Lease("10.0.0.1")));
        var current = await MustCommitAsync(Change.Give(old, Some.Lease("10.0.0.2")));
        var other = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0"), Some.Lease("10.0.1.1")));

        var results = await CommitAsync(
            Change.Release(other, [.. other.Leases]),
            Change.Give(old, Some.Lease("10.0.0.3")),
            Change.Give(Some.NoBlock("10.0.2.0"), Some.Lease("10.0.2.1")));

        var innocent = CommitsAllOrNothing ? CommitStatus.Aborted : CommitStatus.Committed;
        Assert.Equal([innocent, CommitStatus.Conflict, innocent], results.Select(result => result.Status));
        Assert.Equal([current], results[1].Current);
        Assert.Empty(results[0].Current);
        if (CommitsAllOrNothing)
            Assert.Equal([current, other], await ListAsync());
        else
            Assert.Equal([2, 0, 1], (await ListAsync()).Select(block => block.Leases.Count));
    }

    [Fact]
    public async Task Every_change_that_conflicts_is_named_at_once()
    {
        var a = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.0.0"), Some.Lease("10.0.0.1")));
        var b = await MustCommitAsync(Change.Give(Some.NoBlock("10.0.1.0"), Some.Lease("10.0.1.1")));

        var results = await CommitAsync(
            Change.Give(Some.NoBlock("10.0.0.0")),
            Change.Give(Some.NoBlock("10.0.2.0")),
            Change.Give(b with { Version = b.Version + 1 }));

        Assert.Equal(CommitStatus.Conflict, results[0].Status);
        Assert.Equal([a], results[0].Current);
        Assert.Equal(CommitStatus.Conflict, results[2].Status);
        Assert.Equal([b], results[2].Current);
    }
}
