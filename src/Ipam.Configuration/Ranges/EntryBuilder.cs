using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Ranges;

/// <summary>Gives each requested address to a range set of its own.</summary>
public static class EntryBuilder
{
    /// <summary>
    /// One entry per set. Throws <see cref="CniException"/> if a requested address is in no set, or there are more than there are sets for
    /// them. One that is in a set's subnet but not to be had goes there all the same: the allocator knows why it can't be had.
    /// </summary>
    public static IReadOnlyList<AllocationEntry> Build(IReadOnlyList<IReadOnlyList<AllocationRange>> sets, IReadOnlyList<Address> requested)
    {
        var entries = sets.Select(static set => new AllocationEntry(set)).ToArray();
        if (requested.Count == 0)
            return entries;
        var setOf = Pairing.Of(requested.Count, sets.Count, (address, set) => sets[set].Any(range => range.Bounds.Contains(requested[address])));
        // Only who finds no place inside goes outside.
        if (Array.Exists(setOf, static set => set is null) && sets.Any(static set => set.Any(static range => range.AllowsOutside)))
            setOf = Pairing.Of(requested.Count, sets.Count, (address, set) => sets[set].Any(range => range.Reach.Contains(requested[address])), setOf);
        for (var i = 0; i < requested.Count; i++)
        {
            if (setOf[i] is { } set)
                entries[set] = entries[set] with { Requested = requested[i] };
        }
        for (var i = 0; i < requested.Count; i++)
        {
            if (setOf[i] is null)
                Refer(requested[i], entries);
        }
        return entries;
    }

    private static void Refer(Address address, AllocationEntry[] entries)
    {
        var entry = Array.FindIndex(entries, e => e.Requested is null && IsInSubnet(address, e));
        if (entry < 0)
            throw NoPlaceFor(address, entries);
        entries[entry] = entries[entry] with { Requested = address };
    }

    private static CniException NoPlaceFor(Address address, AllocationEntry[] entries) => new(
        IpamErrorCode.RequestRefused,
        Array.Exists(entries, entry => IsInSubnet(address, entry))
            ? $"requested IP address {address} can't be had beside another one from the same range set; request one address per set"
            : $"requested IP address {address} is in no configured range; request one inside the ranges",
        $"ranges: {string.Join("; ", entries.Select(static entry => RangeText.Of(entry.Ranges)))}");

    private static bool IsInSubnet(Address address, AllocationEntry entry) => entry.Ranges.Any(range => range.Subnet.Contains(address));
}
