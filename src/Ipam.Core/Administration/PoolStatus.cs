using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Core.Administration;

/// <summary>A pool and how full it is.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Usage">How full it is.</param>
public sealed record PoolStatus(Pool Pool, PoolUsage Usage)
{
    /// <summary>When it will be exhausted; null where nobody asked.</summary>
    public UseForecast? Forecast { get; init; }

    /// <summary>Counts what is used of a pool, given the blocks of its space.</summary>
    public static PoolStatus Of(Pool pool, PoolCatalog catalog, Found<BlockSummary> blocks) => new(pool, new PoolUsageCounter(catalog, blocks).Count(pool));
}
