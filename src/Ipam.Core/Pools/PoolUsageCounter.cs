using System.Numerics;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>Counts how full pools are, from what blocks say without their leases.</summary>
public static class PoolUsageCounter
{
    /// <summary>How full a pool is. What is reserved is not handed out and doesn't count.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="catalog">Has the reservations.</param>
    /// <param name="blocks">The blocks of the pool's space; others don't matter.</param>
    public static PoolUsage Count(Pool pool, PoolCatalog catalog, Found<BlockSummary> blocks)
    {
        var addresses = PoolAddresses.Of(pool, PoolAddresses.Reserved(catalog, pool.Space));
        long used = 0;
        foreach (var block in blocks)
            used += BitOperations.PopCount(addresses.HeldOf(block));
        long setAside = 0;
        foreach (var id in blocks.Damaged.Select(static block => block.Id).OfType<BlockId>().Distinct())
            setAside += BitOperations.PopCount(addresses.Of(id));
        var size = addresses.Size;
        return new PoolUsage(pool.Name, string.Join(", ", PoolRanges.Of(pool, [])), size, used, size - (UInt128)(used + setAside));
    }
}

/// <summary>How full a pool is.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Ranges">Its ranges in one line, for people.</param>
/// <param name="Size">Its addresses that can be handed out, held or not.</param>
/// <param name="Used">How many of its addresses are held.</param>
/// <param name="Free">How many could be handed out now: neither held nor in a damaged block.</param>
public sealed record PoolUsage(string Pool, string Ranges, UInt128 Size, long Used, UInt128 Free);
