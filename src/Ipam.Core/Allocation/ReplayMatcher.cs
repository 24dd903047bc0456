using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>
/// Finds the leases that an owner got when it made the same request before, so that a lost answer doesn't cost an address. A lease fits an entry
/// if its address lies in one of the entry's ranges, or outside where a range allows that, even if the address is excluded now.
/// </summary>
internal static class ReplayMatcher
{
    public static void Match(AllocationRequest request, ReadOnlySpan<Lease> held, AllocatedAddress?[] answers)
    {
        if (held.IsEmpty)
            return;
        var used = new bool[held.Length];
        for (var entry = 0; entry < answers.Length; entry++)
            TryMatch(request, entry, held, used, answers, sameEntryOnly: true);
        for (var entry = 0; entry < answers.Length; entry++)
            TryMatch(request, entry, held, used, answers, sameEntryOnly: false);
    }

    private static void TryMatch(
        AllocationRequest request, int entry, ReadOnlySpan<Lease> held, bool[] used, AllocatedAddress?[] answers, bool sameEntryOnly)
    {
        for (var i = 0; i < held.Length && answers[entry] is null; i++)
        {
            if (used[i] || held[i].Space != request.Space || (sameEntryOnly && held[i].Entry != entry))
                continue;
            answers[entry] = Fit(request.Entries[entry], held[i]);
            used[i] = answers[entry] is not null;
        }
    }

    /// <summary>The lease as an answer to an entry; null if it is none.</summary>
    public static AllocatedAddress? Fit(AllocationEntry entry, Lease lease)
    {
        if (entry.Requested is { } requested && requested != lease.Address)
            return null;
        return AllocationRange.WithAddress(entry.Ranges, lease.Address) is { } range ? new AllocatedAddress(lease, range) : null;
    }
}
