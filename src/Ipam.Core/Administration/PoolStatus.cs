using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Administration;

/// <summary>A pool and how full it is.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Size">Addresses that it hands out, held or not.</param>
/// <param name="Reserved">Addresses that it would hand out if they weren't reserved.</param>
/// <param name="Used">How many of <paramref name="Size"/> are held.</param>
/// <param name="Free">How many of <paramref name="Size"/> are free: neither held nor in a damaged block.</param>
public sealed record PoolStatus(Pool Pool, UInt128 Size, UInt128 Reserved, UInt128 Used, UInt128 Free)
{
    /// <summary>Counts what is used of a pool, given the blocks of its space.</summary>
    public static PoolStatus Of(Pool pool, PoolCatalog catalog, Found<BlockSummary> blocks)
    {
        var usage = PoolUsageCounter.Count(pool, catalog, blocks);
        return new PoolStatus(pool, usage.Size, PoolAddresses.Of(pool).Size - usage.Size, (UInt128)usage.Used, usage.Free);
    }
}
