using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Notices;

namespace Ipam.Service.Pools;

/// <summary>
/// Shows how full the pools are, where the store has a place for it, and lets those with leases not be deleted. The leader does it for all; that it
/// is one only saves work. Not thread-safe.
/// </summary>
internal sealed class PoolStatusReporter(IIpamStore store, PoolCatalogSource catalogs, Func<bool> isLeading, Postings postings)
{
    private Dictionary<string, PoolUsage> _shown = [];

    /// <summary>Shows what has changed since. Throws <see cref="StoreException"/> if the store fails.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (store.PoolStatuses is not { } statuses)
            return;
        if (!isLeading())
        {
            // Whoever leads now may show other numbers.
            _shown = [];
            return;
        }
        var catalog = await catalogs.GetAsync(cancellationToken);
        if (catalog.Pools.Count == 0)
            return;
        var blocks = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        var usage = catalog.Pools.Select(pool => PoolUsageCounter.Count(pool, catalog, blocks)).ToList();
        if (store.PoolGuard is { } guard)
            await guard.GuardAsync(usage.Where(static pool => pool.Used > 0).Select(static pool => pool.Pool).ToHashSet(StringComparer.Ordinal), cancellationToken);
        var news = usage.Where(pool => !_shown.TryGetValue(pool.Pool, out var shown) || shown != pool).ToList();
        if (news.Count > 0)
            await statuses.PublishAsync(news, cancellationToken);
        _shown = usage.ToDictionary(static pool => pool.Pool);
        foreach (var pool in news.Where(static pool => pool.IsExhausted))
            await postings.PostAsync(Exhaustion(pool), cancellationToken);
        foreach (var pool in catalog.Pools.Where(pool => pool.IsBeingDeleted && _shown[pool.Name].Used > 0))
            await postings.PostAsync(Waiting(_shown[pool.Name]), cancellationToken);
    }

    private static Notice Exhaustion(PoolUsage pool) => new(
        NoticeSubject.Pool, pool.Pool, "PoolExhausted",
        $"no {pool.ExhaustedFamilies} address is left to hand out ({pool.UsedText} held of {pool.SizeText}); release what is no longer used, or add a range");

    private static Notice Waiting(PoolUsage pool) => new(
        NoticeSubject.Pool, pool.Pool, "DeletionWaits",
        $"the pool hands out nothing any more, and is gone when its leases are released ({pool.UsedText} held); 'ipamctl pool delete {pool.Pool} --force' doesn't wait")
    {
        IsWarning = false,
    };
}
