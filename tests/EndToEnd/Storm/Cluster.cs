using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Storm;

/// <summary>Nodes that share a store.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly StoreServer _store;
    private readonly List<Node> _nodes = [];

    private Cluster(StoreServer store)
    {
        _store = store;
        Outside = new Site(store: store.Url());
    }

    public IReadOnlyList<Node> Nodes => _nodes;

    public StoreServer Store => _store;

    /// <summary>A place without a node, to look at the store from.</summary>
    public Site Outside { get; }

    /// <summary>Starts a store and nodes on it.</summary>
    /// <param name="store">The kind of store.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="withNetworks">Whether each has a network to the store that can be disturbed.</param>
    /// <param name="withClocks">Whether each has a clock that can be set.</param>
    public static async Task<Cluster> StartAsync(string store, int nodes, bool withNetworks = false, bool withClocks = false)
    {
        var cluster = new Cluster(await StoreServer.StartAsync(store));
        try
        {
            for (var i = 0; i < nodes; i++)
                cluster._nodes.Add(await Node.StartAsync($"node-{i}", cluster._store, withNetworks, withClocks));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Outside.Dispose();
        await _store.DisposeAsync();
    }
}
