using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Trends;
using Ipam.Service.Notices;

namespace Ipam.Service.Pools;

/// <summary>
/// Counts how full the pools are, for the metrics and the forecasts. Where the store has a place for it, shows it there, and lets those with leases not be deleted. One does it for
/// all; that it is one only saves work. Not thread-safe, but for <see cref="Usage"/> and <see cref="Forecasts"/>.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="catalogs">Knows the pools.</param>
/// <param name="isOurs">Whether it is for this ipamd to do now.</param>
/// <param name="postings">Puts notices up.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolStatusReporter(IIpamStore store, PoolCatalogSource catalogs, Func<bool> isOurs, Postings postings, TimeProvider time)
{
    /// <summary>How often the pools are counted: people look at what the store shows; those who read metrics do so once in a while.</summary>
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(store.PoolStatuses is null ? 15 : 3);

    private readonly TrendRecorder _trends = new(store.Trends, time);
    private volatile IReadOnlyList<PoolUsage> _usage = [];
    private Dictionary<string, PoolUsage> _shown = [];
    private long? _countedAt;

    /// <summary>How full the pools were when they were counted last; empty while that is another's to do. May be called by any thread.</summary>
    public IReadOnlyList<PoolUsage> Usage => _usage;

    /// <summary>When each pool will be exhausted, as far as it can be said; empty while that is another's to do. May be called by any thread.</summary>
    public IReadOnlyDictionary<string, UseForecast> Forecasts => _trends.Forecasts;

    /// <summary>Counts and shows them, if it is time; to be called every second. Throws <see cref="StoreException"/> if the store fails.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (!isOurs())
        {
            // Whoever does it now may show other numbers.
            (_usage, _shown, _countedAt) = ([], [], null);
            _trends.Stop();
            return;
        }
        var now = time.GetTimestamp();
        if (_countedAt is { } last && time.GetElapsedTime(last, now) < _interval)
            return;
        _countedAt = now;
        var catalog = await catalogs.GetAsync(cancellationToken);
        var usage = catalog.Pools.Count == 0 ? [] : await CountAsync(catalog, cancellationToken);
        _usage = usage;
        if (store.PoolStatuses is { } statuses && usage.Count > 0)
            await ShowAsync(statuses, catalog, usage, cancellationToken);
        await _trends.RecordAsync(usage, cancellationToken);
    }

    private async Task<IReadOnlyList<PoolUsage>> CountAsync(PoolCatalog catalog, CancellationToken cancellationToken)
    {
        var counter = new PoolUsageCounter(catalog, await store.ListSummariesAsync(BlockFilter.All, cancellationToken));
        return [.. catalog.Pools.Select(counter.Count)];
    }

    private async Task ShowAsync(IPoolStatusStore statuses, PoolCatalog catalog, IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken)
    {
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
