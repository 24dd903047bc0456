using Ipam.Core.Administration;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Administration;

public sealed class StoreStandingTests
{
    [Fact]
    public async Task A_node_that_stopped_is_neither_missing_nor_there()
    {
        await using var store = new InMemoryStore(StoreMode.PerBlock);
        foreach (var entry in (NodeEntry[])[Entry("c", "run", "other"), Entry("b", "", "other"), Entry("a", "run", "first")])
            Assert.True(await store.Nodes.PutAsync(entry, null, default));

        var standing = await StoreStanding.ReadAsync(store, default);

        Assert.Equal(["a", "c"], standing.Nodes.Select(static node => node.Node));
        Assert.Equal(["a"], standing.Asserted);
        Assert.Equal(["c"], standing.Missing);
        Assert.Equal(["b"], standing.Stopped);
    }

    private static NodeEntry Entry(string node, string run, string identity) => new(node, "instance", run, "host", identity, 0);
}
