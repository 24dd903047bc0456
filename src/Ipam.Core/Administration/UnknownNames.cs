using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Text;

namespace Ipam.Core.Administration;

/// <summary>Tells a name in a filter that nothing in an open store has from one that only has no lease. Throws <see cref="StoreException"/>.</summary>
public sealed class UnknownNames(IIpamStore store)
{
    /// <summary>
    /// What a filter names that there isn't, as a sentence; null if there is all of it. A space is known by its blocks, pools and reservations; a node by the registry, its
    /// blocks and its leases; a network by its leases. Without a node and a network to look for, no block is read.
    /// </summary>
    public async Task<string?> FindAsync(LeaseFilter filter, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        if (filter.Space is { } space && await SpaceAsync(space, catalog, cancellationToken) is { } problem)
            return problem;
        if (filter.Node is null && filter.Network is null)
            return null;
        var (nodes, networks) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        nodes.UnionWith((await store.Nodes.ListAsync(cancellationToken)).Select(static entry => entry.Node));
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            nodes.UnionWith(page.Select(static block => block.Node).OfType<string>());
            foreach (var lease in page.SelectMany(static block => block.Leases))
            {
                if (lease.Owner.EndsWithNode)
                    nodes.Add(lease.Node);
                networks.Add(lease.Owner.Network);
            }
        }
        return filter.Node is { } node && !nodes.Contains(node) ? Sentence("node", node, nodes, "no lease and no block is of it, and it is not registered; 'ipamctl node list' shows those that there are")
            : filter.Network is { } network && !networks.Contains(network) ? Sentence("network", network, networks, "no lease is of it; 'ipamctl top --by network' shows those that there are")
            : null;
    }

    /// <summary>The same of a space alone.</summary>
    public async Task<string?> SpaceAsync(string space, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        var known = (await store.ListSpacesAsync(cancellationToken))
            .Concat(catalog.Pools.Select(static pool => pool.Space)).Concat(catalog.Reservations.Select(static reservation => reservation.Space)).ToHashSet(StringComparer.Ordinal);
        return known.Contains(space) ? null : Sentence("space", space, known, "nothing is in it; 'ipamctl space list' shows those that there are");
    }

    private string Sentence(string kind, string name, HashSet<string> known, string more)
    {
        var nearest = known.Count > 0 ? NearestName.Like(known.Order(StringComparer.Ordinal), name) : null;
        return $"there is no {kind} '{name}' in {store.Description}{(nearest is null ? "" : $", did you mean '{nearest}'?")}: {more}.";
    }
}
