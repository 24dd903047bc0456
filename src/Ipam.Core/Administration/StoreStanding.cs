using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>Which data a store has, and which nodes have asserted their leases in them.</summary>
/// <param name="Description">The store.</param>
/// <param name="Past">Its past.</param>
/// <param name="Nodes">The nodes that work on it, by name.</param>
/// <param name="Stopped">The names of the nodes where ipamd was stopped, in order.</param>
public sealed record StoreStanding(string Description, StorePast Past, IReadOnlyList<NodeEntry> Nodes, IReadOnlyList<string> Stopped)
{
    /// <summary>The names of the nodes that have asserted their leases, or never lost any.</summary>
    public IEnumerable<string> Asserted => Nodes.Where(IsAsserted).Select(static node => node.Node);

    /// <summary>The names of the nodes that have not yet done so.</summary>
    public IEnumerable<string> Missing => Nodes.Where(node => !IsAsserted(node)).Select(static node => node.Node);

    /// <summary>Looks at a store.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<StoreStanding> ReadAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        var past = await store.Past.ReadAsync(cancellationToken);
        var nodes = (await store.Nodes.ListAsync(cancellationToken)).OrderBy(static node => node.Node, StringComparer.Ordinal).ToLookup(static node => node.HasStopped);
        return new StoreStanding(store.Description, past, [.. nodes[false]], [.. nodes[true].Select(static node => node.Node)]);
    }

    private bool IsAsserted(NodeEntry node) => node.Identity == Past.Identity && node.Step != RecoveryStep.Contested;
}
