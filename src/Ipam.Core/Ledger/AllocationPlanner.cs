using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Ranges;

namespace Ipam.Core.Ledger;

/// <summary>Decides which addresses a request gets, in memory. What it takes is durable only after the next commit. Not thread-safe.</summary>
internal sealed class AllocationPlanner(AddressLedger ledger, Sequences sequences, TimeProvider time, Random random)
{
    /// <summary>Takes what the request asks for, all or nothing. What the owner holds already is not taken again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="taken">Filled with the leases that are new.</param>
    public AllocationOutcome Plan(AllocationRequest request, List<Lease> taken)
    {
        var answers = new AllocatedAddress?[request.Entries.Count];
        ReplayMatcher.Match(request, ledger.LeasesOf(request.Owner), answers);
        var replayed = Array.TrueForAll(answers, static a => a is not null);

        for (var entry = 0; entry < answers.Length; entry++)
        {
            if (answers[entry] is not null)
                continue;
            if (TryTake(request, entry, out var answer) is { } failure)
            {
                taken.ForEach(lease => ledger.Give(lease));
                taken.Clear();
                return failure;
            }
            answers[entry] = answer;
            taken.Add(answer!.Lease);
        }
        MoveCursors(request.Space, taken, answers);
        return new AllocationOutcome.Allocated(answers!, replayed);
    }

    private AllocationOutcome? TryTake(AllocationRequest request, int entry, out AllocatedAddress? answer)
    {
        var wanted = request.Entries[entry];
        answer = null;
        if (wanted.Requested is { } requested)
        {
            if (Refusal(request, entry, requested, out var requestedFrom) is { } refusal)
                return refusal;
            answer = Take(request, entry, requestedFrom!, requested);
            return null;
        }

        var space = ledger.Space(request.Space);
        foreach (var range in wanted.Ranges)
        {
            var view = space.ViewOf(range.Allocatable);
            var family = range.Allocatable.Family;
            if (view.TryFind(request.Order, random, index => space.Taken(family, index), out var value))
            {
                answer = Take(request, entry, range, new Address(family, value));
                return null;
            }
        }
        return new AllocationOutcome.Exhausted(entry, wanted.Ranges, wanted.Ranges.Sum(range => Usage.CountHeld(space, range.Allocatable)));
    }

    private AllocationOutcome.RequestRefused? Refusal(AllocationRequest request, int entry, Address requested, out AllocationRange? from)
    {
        AllocationOutcome.RequestRefused Refused(RefusalReason reason, Lease? holder = null) => new(entry, requested, reason, holder);

        from = null;
        var ranges = request.Entries[entry].Ranges;
        foreach (var held in ledger.LeasesOf(request.Owner))
        {
            if (held.Space == request.Space && held.Entry == entry && ranges.Any(range => range.Bounds.Contains(held.Address)))
                return Refused(RefusalReason.OwnerHoldsAnother, held);
        }
        if (ranges.Any(range => range.Gateway == requested))
            return Refused(RefusalReason.Gateway);
        from = ranges.FirstOrDefault(range => range.Allocatable.Contains(requested));
        if (from is null)
            return Refused(ranges.Any(range => range.Bounds.Contains(requested)) ? RefusalReason.Excluded : RefusalReason.OutsideRanges);
        return ledger.Space(request.Space).LeaseOf(requested) is { } holder ? Refused(RefusalReason.Held, holder) : null;
    }

    private AllocatedAddress Take(AllocationRequest request, int entry, AllocationRange range, Address address)
    {
        var now = time.GetUtcNow();
        var last = ledger.Find(BlockId.Of(request.Space, address))?.LastSequence ?? 0;
        var lease = new Lease
        {
            Space = request.Space,
            Address = address,
            Owner = request.Owner,
            Entry = FreeEntry(request, entry),
            Sequence = sequences.Next(last, now),
            Node = request.Node,
            Pod = request.Pod,
            NetworkNamespace = request.NetworkNamespace,
            AcquiredAt = now,
        };
        ledger.Take(lease);
        return new AllocatedAddress(lease, range);
    }

    /// <summary>The entry's own number, unless an older lease of the owner, from another configuration, has it.</summary>
    private int FreeEntry(AllocationRequest request, int entry)
    {
        var held = ledger.LeasesOf(request.Owner);
        var candidate = entry;
        for (var next = request.Entries.Count; IsUsed(held, candidate); next++)
            candidate = next;
        return candidate;

        static bool IsUsed(ReadOnlySpan<Lease> leases, int number)
        {
            foreach (var lease in leases)
            {
                if (lease.Entry == number)
                    return true;
            }
            return false;
        }
    }

    private void MoveCursors(string spaceName, List<Lease> taken, AllocatedAddress?[] answers)
    {
        var space = ledger.Space(spaceName);
        foreach (var answer in answers)
        {
            if (taken.Contains(answer!.Lease))
                space.ViewOf(answer.Range.Allocatable).Cursor = answer.Lease.Address.Value;
        }
    }
}
