using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>Counts how full pools are, from what blocks say without their leases.</summary>
public static class PoolUsageCounter
{
    /// <summary>How full a pool is. What is reserved is not handed out and doesn't count.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="catalog">Has the reservations.</param>
    /// <param name="blocks">The blocks of the pool's space; others don't matter.</param>
    public static PoolUsage Count(Pool pool, PoolCatalog catalog, Found<BlockSummary> blocks) => new(
        pool.Name,
        string.Join(", ", pool.Ranges.Select(static range => range.Text)),
        Count(IpFamily.V4, pool, catalog, blocks),
        Count(IpFamily.V6, pool, catalog, blocks));

    private static FamilyUsage? Count(IpFamily family, Pool pool, PoolCatalog catalog, Found<BlockSummary> blocks)
    {
        var part = pool with { Ranges = [.. pool.Ranges.Where(range => range.Subnet.Address.Family == family)] };
        if (part.Ranges.Count == 0)
            return null;
        var addresses = PoolAddresses.Of(part, PoolAddresses.Reserved(catalog, pool.Space));
        long used = 0;
        foreach (var block in blocks)
            used += BitOperations.PopCount(addresses.HeldOf(block));
        long setAside = 0;
        foreach (var id in blocks.Damaged.Select(static block => block.Id).OfType<BlockId>().Distinct())
            setAside += BitOperations.PopCount(addresses.Of(id));
        var size = addresses.Size;
        return new FamilyUsage(size, PoolAddresses.Of(part).Size - size, used, size - (UInt128)(used + setAside));
    }
}
