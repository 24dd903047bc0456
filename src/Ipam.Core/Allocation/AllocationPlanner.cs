using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>Decides in memory which addresses a request gets. They are durable only after the next commit. Not thread-safe.</summary>
/// <param name="ledger">The memory.</param>
/// <param name="sequences">Gives each lease its sequence.</param>
/// <param name="time">The clock.</param>
/// <param name="free">Finds addresses.</param>
/// <param name="verdictAge">How long what a look at the store showed is reason enough to refuse a request.</param>
internal sealed class AllocationPlanner(AddressLedger ledger, Sequences sequences, TimeProvider time, FreeAddress free, TimeSpan verdictAge)
{
    private readonly Dictionary<int, Lease> _nothing = [];

    /// <summary>Takes the addresses that the request asks for, all or nothing. An address that the owner already holds is not taken again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="taken">Filled with the leases that are new.</param>
    public AllocationOutcome Plan(AllocationRequest request, List<Lease> taken)
    {
        var answers = new AllocatedAddress?[request.Entries.Count];
        ReplayMatcher.Match(request, ledger.LeasesOf(request.Owner), answers);
        var inherited = Inheritance(request, answers);
        var replayed = true;

        for (var entry = 0; entry < answers.Length; entry++)
        {
            if (answers[entry] is not null || inherited.ContainsKey(entry))
                continue;
            replayed = false;
            if (TryTake(request, entry, out var answer) is { } failure)
            {
                taken.ForEach(lease => ledger.GiveBack(lease));
                taken.Clear();
                return failure;
            }
            answers[entry] = answer;
            taken.Add(answer!.Lease);
        }
        // Last, when nothing can fail any more: what somebody else had is not to be given back.
        foreach (var (entry, former) in inherited)
        {
            answers[entry] = Inherit(former, request);
            taken.Add(answers[entry]!.Lease);
        }
        MoveCursors(request.Space, taken, answers);
        RenewMoved(request, answers);
        return new AllocationOutcome.Allocated(answers!, replayed);
    }

    /// <summary>
    /// Those of the owner's addresses that the request calls conflicts are from now on held by who answers for them, each in one change of its block: at no instant
    /// is such an address free, or nobody's. The blocks that are changed.
    /// </summary>
    public IReadOnlyList<LedgerBlock> SetAside(AllocationRequest request)
    {
        List<LedgerBlock> changed = [];
        foreach (var lease in request.Conflicts.Count == 0 ? [] : ledger.LeasesOf(request.Owner).ToArray())
        {
            if (lease.Space != request.Space || request.Conflicts.FirstOrDefault(conflict => conflict.Address == lease.Address) is not { } conflict)
                continue;
            var found = new Lease
            {
                Space = lease.Space,
                Address = lease.Address,
                Owner = Owner.Conflict(request.Owner.Network, conflict.AnsweredBy, lease.Space, lease.Address),
                Entry = 0,
                Sequence = 0,
                Node = request.Node,
                AcquiredAt = time.GetUtcNow(),
            };
            Replace(lease, found, new ReleaseReason(ReleaseCause.InUse, request.Node, $"{conflict.AnsweredBy} answers for it"));
            changed.Add(ledger.Find(BlockId.Of(lease.Space, lease.Address))!);
        }
        return changed;
    }

    /// <summary>Unread blocks, at most so many, that an entry without a free address may get one from: those of the first of its ranges that has such.</summary>
    public IReadOnlyList<BlockId> Candidates(string space, AllocationEntry entry, int most)
    {
        foreach (var range in entry.Ranges)
        {
            if (free.Candidates(space, range, most) is { Count: > 0 } found)
                return found;
        }
        return [];
    }

    /// <summary>Whether a look at all blocks of a space is so short a while ago that another one isn't worth its cost.</summary>
    public bool HasJustLookedAt(string space) => IsRecent(ledger.Space(space).LookedAt);

    /// <summary>Whether a look at a block is so short a while ago that another one isn't worth its cost.</summary>
    public bool HasJustLookedAt(BlockId block) => IsRecent(ledger.Find(block)?.LookedAt);

    /// <summary>The first of these entries for which no address can be taken now; null if there is none.</summary>
    public AllocationOutcome.Exhausted? Probe(string space, IReadOnlyList<AllocationEntry> entries)
    {
        for (var entry = 0; entry < entries.Count; entry++)
        {
            if (Choose(space, entries[entry].Ranges) is null)
                return Exhausted(space, entries[entry].Ranges, entry);
        }
        return null;
    }

    /// <summary>
    /// An owner that asks again from another namespace than before, as a runtime does that made the sandbox anew, holds its addresses there from now on: what
    /// became of the former one says nothing of them. The new sequence makes a release that was decided over the former one do nothing.
    /// </summary>
    private void RenewMoved(AllocationRequest request, AllocatedAddress?[] answers)
    {
        for (var entry = 0; entry < answers.Length; entry++)
        {
            var (lease, range) = answers[entry]!;
            if (lease.NetworkNamespace == request.NetworkNamespace && lease.NamespaceIdentity == request.NamespaceIdentity)
                continue;
            answers[entry] = new AllocatedAddress(Replace(lease, At(lease, request), new ReleaseReason(ReleaseCause.Replaced, request.Node)), range);
        }
    }

    /// <summary>
    /// A pod whose sandbox was made anew goes on with the addresses of the former one, and a sticky owner with those that he keeps, also where no other is free. For what the
    /// owner holds already it repeats its request.
    /// </summary>
    private Dictionary<int, Lease> Inheritance(AllocationRequest request, AllocatedAddress?[] answers) => request.Inherited.Count == 0
        ? _nothing
        : request.Inherited.Where(lease => Answers(lease, request) && answers[lease.Entry] is null && ledger.Holds(lease))
            .DistinctBy(static lease => lease.Entry).ToDictionary(static lease => lease.Entry);

    private AllocatedAddress Inherit(Lease former, AllocationRequest request)
    {
        var range = ReplayMatcher.Fit(request.Entries[former.Entry], former)!.Range;
        var next = former with { Owner = request.Owner, Entry = FreeEntry(request, former.Entry), Pod = request.Pod, AcquiredAt = time.GetUtcNow(), Sticky = MarkOf(request, range) };
        return new AllocatedAddress(Replace(former, At(next, request), new ReleaseReason(ReleaseCause.Replaced, request.Node)), range);
    }

    /// <summary>That the address of a range stays the request's sticky owner's; null if it doesn't. A claim has it for as long as it is there.</summary>
    private static StickyMark? MarkOf(AllocationRequest request, AllocationRange range) => request.Sticky switch
    {
        { IsIpamClaim: true } claim => new StickyMark(claim, null),
        { } owner when range.Policy.IsSticky => new StickyMark(owner, range.Policy.StickyFor ?? (owner.Kind == StickyKind.Name ? StickyOwner.NameLasts : null)),
        _ => null,
    };

    private static bool Answers(Lease lease, AllocationRequest request) =>
        lease.Space == request.Space && lease.Entry < request.Entries.Count && ReplayMatcher.Fit(request.Entries[lease.Entry], lease) is not null;

    /// <summary>The lease as one of the container that asks now.</summary>
    private static Lease At(Lease lease, AllocationRequest request) =>
        lease with { Node = request.Node, NetworkNamespace = request.NetworkNamespace, NamespaceIdentity = request.NamespaceIdentity };

    /// <summary>Ends a lease that an owner knew of. Where only its container's time is over, a sticky owner keeps the address, in the same change of the block.</summary>
    public LedgerBlock End(Lease lease, ReleaseReason reason)
    {
        if (!reason.IsOfContainer || lease.Kept(time.GetUtcNow(), lease.Node) is not { } kept)
            return ledger.Release(lease, reason);
        Replace(lease, kept, reason);
        return ledger.Find(BlockId.Of(lease.Space, lease.Address))!;
    }

    /// <summary>Ends a lease and takes its address anew, in one change of its block.</summary>
    private Lease Replace(Lease former, Lease next, ReleaseReason reason)
    {
        var block = ledger.Release(former with { Cooldown = TimeSpan.Zero }, reason);
        var replacing = next with { Sequence = sequences.Next(block.LastSequence, time.GetUtcNow()) };
        ledger.Take(replacing);
        return replacing;
    }

    private bool IsRecent(long? lookedAt) => lookedAt is { } at && time.GetElapsedTime(at) < verdictAge;

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

        if (Choose(request.Space, wanted.Ranges) is not { } choice)
            return Exhausted(request.Space, wanted.Ranges, entry);
        answer = Take(request, entry, choice.Range, choice.Address);
        return null;
    }

    /// <summary>The address to hand out; null if there is none, or if blocks must be read to know.</summary>
    private (AllocationRange Range, Address Address)? Choose(string space, IReadOnlyList<AllocationRange> ranges)
    {
        foreach (var range in ranges)
        {
            if (free.In(space, range) is { } address)
                return (range, address);
            // The next range is used only if this one is exhausted.
            if (free.MayBeElsewhere(space, range))
                return null;
        }
        return free.Cooling(space, ranges, time.GetUtcNow());
    }

    private AllocationOutcome.Exhausted Exhausted(string spaceName, IReadOnlyList<AllocationRange> ranges, int entry)
    {
        var space = ledger.Space(spaceName);
        long Sum(Func<RangeView, long> count) => ranges.Sum(range => count(space.ViewOf(range.Allocatable)));

        return new AllocationOutcome.Exhausted(
            entry, ranges, Sum(static view => view.Held), Sum(static view => view.Cooling), Sum(static view => view.SetAside),
            ranges.Sum(range => free.KeptFrom(spaceName, range)));
    }

    private AllocationOutcome.RequestRefused? Refusal(AllocationRequest request, int entry, Address requested, out AllocationRange? from)
    {
        AllocationOutcome.RequestRefused Refused(RefusalReason reason, Lease? holder = null) => new(entry, requested, reason, holder);

        from = null;
        var ranges = request.Entries[entry].Ranges;
        foreach (var held in ledger.LeasesOf(request.Owner))
        {
            if (held.Space == request.Space && held.Entry == entry && ranges.Any(range => range.Reach.Contains(held.Address)))
                return Refused(RefusalReason.OwnerHoldsAnother, held);
        }
        if (ranges.Any(range => range.Gateway == requested))
            return Refused(RefusalReason.Gateway);
        from = ranges.FirstOrDefault(range => range.Allocatable.Contains(requested)) ?? ranges.FirstOrDefault(range => range.Requestable.Contains(requested));
        if (from is null)
            return Refused(ranges.Any(range => range.Reach.Contains(requested)) ? RefusalReason.Excluded : RefusalReason.OutsideRanges);
        if (ledger.Find(BlockId.Of(request.Space, requested)) is not { } block)
            return null;
        if (block.Damage is not null)
            return Refused(RefusalReason.Damaged);
        if (block.IsUnread)
            return Refused(RefusalReason.Held);
        if (block.LeaseOf(requested) is { } holder)
            return Refused(RefusalReason.Held, holder);
        var bit = 1UL << BlockId.OffsetOf(requested);
        return (block.Cooling & bit) != 0 && block.FirstToCoolDown(bit, from.Policy.ReusesAfter(time.GetUtcNow())) is null
            ? Refused(RefusalReason.CoolingDown)
            : null;
    }

    private AllocatedAddress Take(AllocationRequest request, int entry, AllocationRange range, Address address)
    {
        var now = time.GetUtcNow();
        var id = BlockId.Of(request.Space, address);
        var block = ledger.Find(id);
        var last = block?.LastSequence ?? 0;
        // Any node may claim an empty block, whoever owned it before.
        if (range.Policy.Affinity == BlockAffinity.Node && (block?.Held ?? 0) == 0)
            ledger.Claim(id);
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
            NamespaceIdentity = request.NamespaceIdentity,
            AcquiredAt = now,
            Cooldown = range.Policy.Cooldown,
            Sticky = MarkOf(request, range),
        };
        ledger.Take(lease, elsewhere: IsAnyLowest(request.Entries[entry], range.Policy) ? range.Allocatable.MaskOf(id.Index) : 0);
        return new AllocatedAddress(lease, range);
    }

    /// <summary>Whether the entry wants the lowest address, whichever that is when it is written.</summary>
    private static bool IsAnyLowest(AllocationEntry entry, AllocationPolicy policy) =>
        entry.Requested is null && policy is { Order: AllocationOrder.Lowest, Affinity: not BlockAffinity.Node };

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
            // Where somebody asked for an address that the range doesn't hand out by itself, it goes on where it was.
            if (taken.Contains(answer!.Lease) && answer.Range.Allocatable.Contains(answer.Lease.Address))
                space.ViewOf(answer.Range.Allocatable).Cursor = answer.Lease.Address.Value;
        }
    }
}
