using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Core.Ledger;

/// <summary>Counts what is held.</summary>
internal static class Usage
{
    public static IReadOnlyList<RangeUsage> Of(AddressLedger ledger)
    {
        var usage = new List<RangeUsage>();
        foreach (var (name, space) in ledger.Spaces)
        {
            foreach (var view in space.Views)
            {
                if (!view.Addresses.IsEmpty)
                    usage.Add(new RangeUsage(name, Span(view.Addresses), view.Addresses.Size, Count(space, view.Addresses, static block => block.Held)));
            }
        }
        return usage;
    }

    /// <summary>How many addresses of some ranges are held, and how many others rest.</summary>
    public static (long Held, long Resting) Count(SpaceLedger space, IReadOnlyList<AllocationRange> ranges)
    {
        long held = 0, resting = 0;
        foreach (var range in ranges)
        {
            held += Count(space, range.Allocatable, static block => block.Held);
            resting += Count(space, range.Allocatable, static block => block.Resting & ~block.Held);
        }
        return (held, resting);
    }

    private static long Count(SpaceLedger space, IntervalSet addresses, Func<LedgerBlock, ulong> bits)
    {
        long count = 0;
        foreach (var block in space.Blocks)
        {
            if (block.Id.Family == addresses.Family)
                count += BitOperations.PopCount(bits(block) & addresses.MaskOf(block.Id.Index));
        }
        return count;
    }

    private static AddressRange Span(IntervalSet addresses) => new(addresses[0].First, addresses[addresses.Count - 1].Last);
}
