using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Service.Pools;

/// <summary>
/// Shows how full the pools are, where the store has a place for it. One node does it for all; that it is one only saves work. Not
/// thread-safe.
/// </summary>
internal sealed class PoolStatusReporter(IIpamStore store, PoolCatalogSource catalogs, NodeIdentity node)
{
    private const string Role = "pool-status";

    /// <summary>Longer than several turns, so that the leader stays the same while it lives.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(20);

    private Dictionary<string, PoolUsage> _shown = [];

    /// <summary>Shows what has changed since. Throws <see cref="StoreException"/> if the store fails.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (store.PoolStatuses is not { } statuses)
            return;
        var catalog = await catalogs.GetAsync(cancellationToken);
        if (catalog.Pools.Count == 0)
            return;
        if (!await store.TryLeadAsync(Role, node.Name, Term, cancellationToken))
        {
            // Whoever leads now may show other numbers.
            _shown = [];
            return;
        }
        var blocks = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        var usage = catalog.Pools.Select(pool => PoolUsageCounter.Count(pool, catalog, blocks)).ToList();
        var news = usage.Where(pool => !_shown.TryGetValue(pool.Pool, out var shown) || shown != pool).ToList();
        if (news.Count > 0)
            await statuses.PublishAsync(news, cancellationToken);
        _shown = usage.ToDictionary(static pool => pool.Pool);
    }
}
