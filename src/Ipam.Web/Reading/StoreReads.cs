using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Web.Reading;

/// <summary>
/// What pages read of the store. What costs a look at all of a space is shared and kept for a moment, so that a page that is loaded again and again costs the store
/// little. Members throw <see cref="StoreException"/> and <see cref="TimeoutException"/>. Safe for use by several threads at once.
/// </summary>
internal sealed class StoreReads(IIpamStore store, TimeProvider time)
{
    /// <summary>How long a page may wait for the store.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(2);

    private readonly SharedReads<string, StoreSummary> _summaries = new(Keep, Patience, 4, time);
    private readonly SharedReads<string, PoolMap> _maps = new(Keep, Patience, 16, time);
    private readonly SharedReads<string, IReadOnlyList<NodeStatus>> _nodes = new(Keep, Patience, 1, time);
    private readonly NodeWatcher _watcher = new(store.Nodes, time);

    /// <summary>The store.</summary>
    public IIpamStore Store => store;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Pools, reservations and blocks without their leases.</summary>
    public Task<StoreSummary> SummaryAsync(CancellationToken cancellationToken) =>
        _summaries.GetAsync("", token => StoreSummary.ReadAsync(store, time, token), cancellationToken);

    /// <summary>Which addresses in the subnets of a pool are free.</summary>
    public Task<PoolMap> MapAsync(Pool pool, PoolCatalog catalog, CancellationToken cancellationToken) => _maps.GetAsync(
        $"{pool.Name} {catalog.Revision}",
        async token => new PoolMap(await AddressMap.ReadAsync(store, pool.Space, SubnetsOf(pool), [pool], catalog, time.GetUtcNow(), token)),
        cancellationToken);

    /// <summary>Some addresses of a space that follow each other, closely.</summary>
    public async Task<AddressWindow> WindowAsync(string space, AddressRange addresses, IReadOnlyList<Pool> pools, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        var ids = new List<BlockId>();
        for (var id = BlockId.Of(space, addresses.First); ; id = new BlockId(space, id.Family, id.Index + 1))
        {
            ids.Add(id);
            if (id == BlockId.Of(space, addresses.Last))
                break;
        }
        var blocks = await store.ReadBlocksAsync(ids, cancellationToken);
        return new AddressWindow(space, addresses, pools, catalog, blocks, time.GetUtcNow());
    }

    /// <summary>The nodes, with what is known of whether they report.</summary>
    public async Task<IReadOnlyList<WatchedNode>> NodesAsync(CancellationToken cancellationToken)
    {
        var nodes = await _nodes.GetAsync("", async token =>
        {
            var found = await new NodeSurvey(store, time).ListAsync(wait: null, token);
            _watcher.Observe(found);
            return found;
        }, cancellationToken);
        return [.. nodes.Select(_watcher.StateOf)];
    }

    /// <summary>The subnets of a pool; several ranges may be parts of one.</summary>
    public static IReadOnlyList<AddressRange> SubnetsOf(Pool pool) =>
        [.. pool.Ranges.Select(static range => new AddressRange(range.Subnet.First, range.Subnet.Last)).Distinct()];
}
