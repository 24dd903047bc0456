using System.Numerics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Ranges;

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
                    usage.Add(new RangeUsage(name, Span(view.Addresses), view.Addresses.Size, CountHeld(space, view.Addresses)));
            }
        }
        return usage;
    }

    public static long CountHeld(SpaceLedger space, IntervalSet addresses)
    {
        long held = 0;
        foreach (var block in space.Blocks)
        {
            if (block.Id.Family == addresses.Family)
                held += BitOperations.PopCount(block.Held & addresses.MaskOf(block.Id.Index));
        }
        return held;
    }

    private static AddressRange Span(IntervalSet addresses) => new(addresses[0].First, addresses[addresses.Count - 1].Last);
}
