using Ipam.Core.Administration;
using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Administration;

/// <summary>The history of a store whose nodes keep it.</summary>
public sealed class HistoryOfNodesTests
{
    [Fact]
    public async Task What_is_missing_is_said_once_for_each_reason_with_the_first_few_names()
    {
        var history = new HistoryOfNodes(new Nodes(["d", "b", "a", "c", "e"], ["z"]), ofThisMachine: null);
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
