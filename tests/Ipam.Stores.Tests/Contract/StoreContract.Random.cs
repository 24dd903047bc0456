using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Random commits, judged by an oracle.</summary>
public abstract partial class StoreContract
{
    /// <summary>Two seeds for ever, and one for today.</summary>
    public static TheoryData<int> Seeds => [1, 20261122, Random.Shared.Next()];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task After_any_commits_the_store_holds_what_the_oracle_holds(int seed)
    {
        var oracle = new Oracle(CommitsAllOrNothing, SpacesAreCommittedTogether);
        var commits = new RandomCommits(seed, oracle, withTakenOwners: CommitsAllOrNothing);
        var versions = new HashSet<(BlockId, long)>();
        for (var step = 0; step < 400; step++)
        {
            var changes = commits.Next();
            var expected = oracle.Judge(changes);

            var results = await Store.CommitAsync(changes, default);

            var at = $"seed {seed}, step {step}";
            for (var i = 0; i < changes.Length; i++)
            {
                Assert.True(expected[i].Status == results[i].Status, $"{at}, change {i}: {results[i].Status} instead of {expected[i].Status}");
                Assert.True(expected[i].Current.SetEquals(results[i].Current), $"{at}, change {i}: wrong blocks shown with the conflict");
                Assert.Equal(expected[i].Current.Count, results[i].Current.Count);
                if (results[i].Status != CommitStatus.Committed)
                    continue;
                oracle.Apply(changes[i], results[i].Version);
                Assert.True(changes[i].Delete ? results[i].Version == 0 : versions.Add((changes[i].Block.Id, results[i].Version)),
                    $"{at}, change {i}: version {results[i].Version} came back");
            }
            if (step % 10 == 0)
                await CompareAsync(oracle, commits, at);
        }
        await CompareAsync(oracle, commits, $"seed {seed}, at the end");
    }

    private async Task CompareAsync(Oracle oracle, RandomCommits commits, string at)
    {
        var blocks = oracle.Blocks;
        Assert.True(blocks.SequenceEqual(await ListAsync()), $"{at}: other blocks are listed");
        Assert.True(blocks.Select(static block => block.Summary).ToHashSet()
            .SetEquals(await Store.ListSummariesAsync(BlockFilter.All, default)), $"{at}: other versions are listed");
        foreach (var filter in RandomCommits.Nodes.Select(node => new BlockFilter(Node: node)))
        {
            Assert.True(blocks.Where(filter.Matches).SequenceEqual(await ListAsync(filter)), $"{at}: other blocks of {filter.Node}");
            Assert.True(blocks.Where(filter.Matches).Select(static block => block.Summary).ToHashSet()
                .SetEquals(await Store.ListSummariesAsync(filter, default)), $"{at}: other summaries of {filter.Node}");
        }
        Assert.True(blocks.Select(block => block.Id.Space).Distinct().SequenceEqual(await Store.ListSpacesAsync(default)), $"{at}: other spaces");
        foreach (var owner in commits.Owners)
            Assert.True(oracle.Find(owner).SequenceEqual(await FindAsync(owner)), $"{at}: other leases of {owner}");
    }
}
