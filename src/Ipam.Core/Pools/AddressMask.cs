using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Pools;

/// <summary>Addresses of a space, each counted once however many of the sets it is in.</summary>
public sealed class AddressMask(string space, IReadOnlyList<IntervalSet> sets)
{
    /// <summary>The addresses in some ranges.</summary>
    public static AddressMask Of(string space, IEnumerable<AddressRange> ranges) =>
        new(space, [.. ranges.Select(static range => IntervalSet.Of(range, []))]);

    /// <summary>How many addresses there are; 2^128 - 1 if there are more.</summary>
    public UInt128 Size
    {
        get
        {
            UInt128 size = 0;
            var counted = new List<AddressRange>();
            // Sets that skip edges come last: an interval of theirs counts as counted with its edges, which an earlier set would have counted.
            foreach (var set in sets.OrderBy(static set => set.SkipsEdges))
            {
                foreach (var interval in set.Intervals)
                {
                    var more = IntervalSet.Of(interval, counted, set.SkipsEdges).Size;
                    size = more > UInt128.MaxValue - size ? UInt128.MaxValue : size + more;
                    counted.Add(interval);
                }
            }
            return size;
        }
    }

    /// <summary>One bit for each address of a block that is in a set.</summary>
    public ulong Of(BlockId id)
    {
        ulong mask = 0;
        if (id.Space != space)
            return mask;
        foreach (var set in sets)
        {
            if (set.Family == id.Family)
                mask |= set.MaskOf(id.Index);
        }
        return mask;
    }

    /// <summary>One bit for each address of a block that is in a set and held.</summary>
    public ulong HeldOf(BlockSummary block) => block.Held & Of(block.Id);

    /// <summary>Whether <paramref name="address"/> of <paramref name="space"/> is in a set.</summary>
    public bool Contains(string space, Address address) =>
        (Of(BlockId.Of(space, address)) >> BlockId.OffsetOf(address) & 1) != 0;
}
