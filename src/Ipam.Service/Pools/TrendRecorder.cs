using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Trends;

namespace Ipam.Service.Pools;

/// <summary>
/// Notes how full the pools are, and keeps that in the store, so that whoever leads next goes on with it. What the last minutes did is lost when it ends. Not
/// thread-safe, but for <see cref="Forecasts"/>.
/// </summary>
/// <param name="store">Keeps the trends.</param>
/// <param name="time">The clock.</param>
internal sealed class TrendRecorder(ITrendStore store, TimeProvider time)
{
    /// <summary>How often a pool's trend is written: an hour, which is what it counts by, is a few times as long.</summary>
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMinutes(10);

    /// <summary>So many are written in one go; those that are left, in the next.</summary>
    private const int MostWrites = 20;

    private readonly Dictionary<string, Kept> _pools = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, UseForecast> _forecasts = new Dictionary<string, UseForecast>();
    private bool _isLoaded;

    /// <summary>When each pool will be exhausted, as far as it could be said some minutes ago. May be called by any thread.</summary>
    public IReadOnlyDictionary<string, UseForecast> Forecasts => _forecasts;

    /// <summary>Notes how full the pools are, of which there are no others. Throws <see cref="StoreException"/> if the store fails.</summary>
    public async Task RecordAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken)
    {
        if (!_isLoaded)
            await LoadAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var pool in usage)
            KeptOf(pool.Pool).Trend.Record(now, pool);
        await RemoveAllButAsync(usage, cancellationToken);
        await WriteAsync(usage, cancellationToken);
    }

    /// <summary>Another one does it from now on.</summary>
    public void Stop()
    {
        _pools.Clear();
        _forecasts = new Dictionary<string, UseForecast>();
        _isLoaded = false;
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        // One that no program of ours wrote is written anew.
        foreach (var (pool, text) in await store.ListAsync(cancellationToken))
            _pools[pool] = new Kept(PoolTrend.Read(text) ?? new PoolTrend());
        _isLoaded = true;
    }

    private async Task RemoveAllButAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken)
    {
        var there = usage.Select(static pool => pool.Pool).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _pools.Keys.Where(pool => !there.Contains(pool)).ToArray())
        {
            await store.RemoveAsync(gone, cancellationToken);
            _pools.Remove(gone);
            _forecasts = _forecasts.Where(forecast => forecast.Key != gone).ToDictionary(StringComparer.Ordinal);
        }
    }

    private async Task WriteAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken)
    {
        var due = usage.Select(pool => (Usage: pool, Kept: KeptOf(pool.Pool)))
            .Where(pool => pool.Kept.WrittenAt is not { } last || time.GetElapsedTime(last) >= BetweenWrites).Take(MostWrites).ToList();
        if (due.Count == 0)
            return;
        var forecasts = new Dictionary<string, UseForecast>(_forecasts, StringComparer.Ordinal);
        foreach (var pool in due)
        {
            await store.PutAsync(pool.Usage.Pool, pool.Kept.Trend.ToText(), cancellationToken);
            pool.Kept.WrittenAt = time.GetTimestamp();
            forecasts[pool.Usage.Pool] = pool.Kept.Trend.Forecast(pool.Usage, time.GetUtcNow());
        }
        _forecasts = forecasts;
    }

    private Kept KeptOf(string pool)
    {
        if (!_pools.TryGetValue(pool, out var kept))
            _pools.Add(pool, kept = new Kept(new PoolTrend()));
        return kept;
    }

    private sealed class Kept(PoolTrend trend)
    {
        public PoolTrend Trend => trend;

        /// <summary>When it was written: a timestamp of the monotonic clock; null for never by us.</summary>
        public long? WrittenAt { get; set; }
    }
}
