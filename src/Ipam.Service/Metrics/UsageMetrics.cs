using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Trends;
using Prometheus;

namespace Ipam.Service.Metrics;

/// <summary>
/// Shows how full ranges and pools are. Whoever names ranges and pools must not be able to make a scrape as large as they like: of more than a bound, those with the
/// largest part held are shown, and how many are not.
/// </summary>
internal static class UsageMetrics
{
    /// <summary>More than a node's networks have. Each node shows its own.</summary>
    public const int MostRanges = 250;

    /// <summary>One ipamd shows them for all.</summary>
    public const int MostPools = 1000;

    /// <summary>Writes it. Nothing is kept: ranges and pools come and go.</summary>
    public static Task WriteAsync(
        Stream output,
        ExpositionFormat format,
        IReadOnlyList<RangeUsage> ranges,
        IReadOnlyList<PoolUsage> pools,
        IReadOnlyDictionary<string, UseForecast> forecasts,
        CancellationToken cancellationToken)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        var leftOut = metrics.CreateGauge("ipamsuite_usage_left_out", "Ranges or pools that are not shown because there are too many; the fullest are shown.", ["kind"]);
        leftOut.WithLabels("range").Set(ShowRanges(metrics, ranges));
        leftOut.WithLabels("pool").Set(ShowPools(metrics, pools, forecasts));
        return registry.CollectAndExportAsTextAsync(output, format, cancellationToken);
    }

    private static int ShowRanges(MetricFactory metrics, IReadOnlyList<RangeUsage> ranges)
    {
        string[] labels = ["space", "range"];
        var all = metrics.CreateGauge("ipamsuite_range_addresses", "Addresses that a range can hand out, held or not.", labels);
        var used = metrics.CreateGauge("ipamsuite_range_addresses_used", "Addresses of a range that are held.", labels);
        var free = metrics.CreateGauge("ipamsuite_range_addresses_free", "Addresses of a range that are free.", labels);
        // Ranges that differ only in what they exclude between the same two addresses have the same labels. A series may appear once: the
        // one that has most is shown.
        var largest = ranges.GroupBy(static range => (range.Space, range.Range)).Select(static same => same.MaxBy(static range => range.Size)!).ToList();
        foreach (var range in largest.OrderByDescending(static range => Share(range.Held, range.Size)).Take(MostRanges))
        {
            string[] values = [range.Space, range.Range.ToString()];
            all.WithLabels(values).Set((double)range.Size);
            used.WithLabels(values).Set(range.Held);
            free.WithLabels(values).Set((double)(range.Size - (UInt128)(range.Held + range.SetAside)));
        }
        return Math.Max(0, largest.Count - MostRanges);
    }

    private static int ShowPools(MetricFactory metrics, IReadOnlyList<PoolUsage> pools, IReadOnlyDictionary<string, UseForecast> forecasts)
    {
        string[] labels = ["pool", "family"];
        var all = metrics.CreateGauge("ipamsuite_pool_addresses", "Addresses that a pool can hand out, held or not.", labels);
        var used = metrics.CreateGauge("ipamsuite_pool_addresses_used", "Addresses of a pool that are held.", labels);
        var free = metrics.CreateGauge("ipamsuite_pool_addresses_free", "Addresses of a pool that are free.", labels);
        var fullIn = metrics.CreateGauge(
            "ipamsuite_pool_exhausted_in_seconds", "When a pool will be exhausted if its use goes on as it went; left out if that isn't foreseen.", ["pool"]);
        foreach (var pool in pools.OrderByDescending(static pool => pool.Families.Max(static family => Share(family.Usage.Used, family.Usage.Size))).Take(MostPools))
        {
            foreach (var (family, usage) in pool.Families)
            {
                all.WithLabels(pool.Pool, family).Set((double)usage.Size);
                used.WithLabels(pool.Pool, family).Set(usage.Used);
                free.WithLabels(pool.Pool, family).Set((double)usage.Free);
            }
            if (SecondsUntilExhausted(pool, forecasts.GetValueOrDefault(pool.Pool)) is { } seconds)
                fullIn.WithLabels(pool.Pool).Set(seconds);
        }
        return Math.Max(0, pools.Count - MostPools);
    }

    private static double? SecondsUntilExhausted(PoolUsage pool, UseForecast? forecast) => forecast?.Outlook switch
    {
        _ when pool.IsExhausted => 0,
        Outlook.Foreseen => forecast.Within.TotalSeconds,
        _ => null,
    };

    private static double Share(long held, UInt128 size) => size == 0 ? 0 : held / (double)size;
}
