using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>Counts how full pools are, from what blocks say without their leases. What a pool costs grows with its own blocks, not with those of others.</summary>
public sealed class PoolUsageCounter
{
    private readonly Dictionary<(string Space, IpFamily Family), Place> _places;
    private readonly ILookup<string, AddressRange> _reserved;

    /// <param name="catalog">Has the reservations.</param>
    /// <param name="blocks">The blocks of the pools' spaces; others don't matter.</param>
    public PoolUsageCounter(PoolCatalog catalog, Found<BlockSummary> blocks)
    {
        _reserved = catalog.Reservations.SelectMany(static reservation => reservation.Addresses.Select(range => (reservation.Space, range)))
            .ToLookup(static pair => pair.Space, static pair => pair.range);
        var whole = blocks.ToLookup(static block => (block.Id.Space, block.Id.Family));
        var damaged = blocks.Damaged.Select(static block => block.Id).OfType<BlockId>().Distinct().ToLookup(static id => (id.Space, id.Family));
        _places = whole.Select(static place => place.Key).Union(damaged.Select(static place => place.Key))
            .ToDictionary(static key => key, key => new Place([.. whole[key].OrderBy(static block => block.Id.Index)], [.. damaged[key]]));
    }

    /// <summary>How full a pool is. What is reserved is not handed out and doesn't count.</summary>
    public PoolUsage Count(Pool pool) => new(
        pool.Name, string.Join(", ", pool.Ranges.Select(static range => range.Text)), Count(IpFamily.V4, pool), Count(IpFamily.V6, pool));

    private FamilyUsage? Count(IpFamily family, Pool pool)
    {
        var part = pool with { Ranges = [.. pool.Ranges.Where(range => range.Subnet.Address.Family == family)] };
        if (part.Ranges.Count == 0)
            return null;
        var addresses = PoolAddresses.Of(part, _reserved[pool.Space]);
        var (used, setAside) = (0L, 0L);
        if (_places.TryGetValue((pool.Space, family), out var place))
        {
            var (first, last) = (part.Ranges.Min(static range => range.Bounds.First), part.Ranges.Max(static range => range.Bounds.Last));
            foreach (var block in place.Between(BlockId.Of(pool.Space, first).Index, BlockId.Of(pool.Space, last).Index))
                used += BitOperations.PopCount(addresses.HeldOf(block));
            setAside = place.Damaged.Sum(id => (long)BitOperations.PopCount(addresses.Of(id)));
        }
        var size = addresses.Size;
        return new FamilyUsage(size, PoolAddresses.Of(part).Size - size, used, size - (UInt128)(used + setAside));
    }

    /// <summary>The blocks of a space and a family, by address.</summary>
    private sealed class Place(BlockSummary[] blocks, BlockId[] damaged)
    {
        private readonly UInt128[] _indexes = Array.ConvertAll(blocks, static block => block.Id.Index);

        public BlockId[] Damaged => damaged;

        public ReadOnlySpan<BlockSummary> Between(UInt128 first, UInt128 last)
        {
            var (from, to) = (Array.BinarySearch(_indexes, first), Array.BinarySearch(_indexes, last));
            from = from < 0 ? ~from : from;
            return blocks.AsSpan(from, (to < 0 ? ~to : to + 1) - from);
        }
    }
}
