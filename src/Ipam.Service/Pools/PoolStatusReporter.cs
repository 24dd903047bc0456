using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Notices;

namespace Ipam.Service.Pools;

/// <summary>
/// Shows how full the pools are, where the store has a place for it, and lets those with leases not be deleted. One node does it for all; that it is
/// one only saves work. Not thread-safe.
/// </summary>
internal sealed class PoolStatusReporter(IIpamStore store, PoolCatalogSource catalogs, NodeIdentity node, Postings postings, TimeProvider time)
{
    private const string Role = "pool-status";

    /// <summary>Longer than several turns, so that the leader stays the same while it lives.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(20);

    /// <summary>What a node that was refused waits at most before it tries to lead again: as many as there are nodes, the store is asked by all of them.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private Dictionary<string, PoolUsage> _shown = [];
    private TimeSpan _pause;
    private long _refusedAt;

    /// <summary>Shows what has changed since. Throws <see cref="StoreException"/> if the store fails.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (store.PoolStatuses is not { } statuses)
            return;
        if (_pause > TimeSpan.Zero && time.GetElapsedTime(_refusedAt) < _pause)
            return;
        var catalog = await catalogs.GetAsync(cancellationToken);
        if (catalog.Pools.Count == 0)
            return;
        if (!await store.TryLeadAsync(Role, node.Name, Term, cancellationToken))
        {
            // Whoever leads now may show other numbers.
            _shown = [];
            var pause = _pause == TimeSpan.Zero ? Term : 2 * _pause;
            (_refusedAt, _pause) = (time.GetTimestamp(), pause < LongestPause ? pause : LongestPause * (0.75 + (0.25 * Random.Shared.NextDouble())));
            return;
        }
        _pause = TimeSpan.Zero;
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

    private static Notice Exhaustion(PoolUsage pool)
    {
        var families = string.Join(" and no ", pool.Families.Where(static family => family.Usage.Free == 0).Select(static family => family.Name));
        return new Notice(
            NoticeSubject.Pool, pool.Pool, "PoolExhausted",
            $"no {families} address is left to hand out ({pool.UsedText} held of {pool.SizeText}); release what is no longer used, or add a range");
    }

    private static Notice Waiting(PoolUsage pool) => new(
        NoticeSubject.Pool, pool.Pool, "DeletionWaits",
        $"the pool hands out nothing any more, and is gone when its leases are released ({pool.UsedText} held); 'ipamctl pool delete {pool.Pool} --force' doesn't wait")
    {
        IsWarning = false,
    };
}
