using Ipam.Core.Administration;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Administration;

/// <summary>The history of a store that keeps none itself.</summary>
public sealed class AvailableHistoryTests
{
    [Fact]
    public async Task What_is_missing_is_said_once_for_each_reason_with_the_first_few_names()
    {
        await using var store = new InMemoryStore(StoreMode.PerBlock) { NodeHistories = new Nodes(["d", "b", "a", "c", "e"], ["z"]) };
        var history = new AvailableHistory(store, ofThisMachine: null);
        Assert.Equal((true, false), (history.Exists, history.IsOfThisMachineOnly));
        Assert.Empty(history.Missing);

        Assert.Empty(await history.FindAsync(new HistoryQuestion(), default));

        Assert.Equal(["the history of a, b, c and 2 more: it is stopped", "the history of z: it is slow"], history.Missing);
    }

    private sealed class Nodes(string[] stopped, string[] slow) : INodeHistories
    {
        public Task<NodeAnswers> FindAsync(HistoryQuestion question, CancellationToken cancellationToken) => Task.FromResult(new NodeAnswers(
            [], [.. stopped.Select(static node => new SilentNode(node, "it is stopped")), .. slow.Select(static node => new SilentNode(node, "it is slow"))]));
    }
}
