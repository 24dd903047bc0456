using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>Takes addresses for an owner, all or nothing.</summary>
internal sealed class AllocateOperation(AllocationRequest request, CancellationToken abandoned)
    : AwaitedOperation<AllocationOutcome>(abandoned)
{
    /// <summary>What the current plan takes.</summary>
    private readonly List<Lease> _taken = [];

    /// <summary>Leases of an earlier plan that are committed: a store without transactions over blocks may commit only a part of a plan.</summary>
    private readonly List<Lease> _takenBefore = [];

    private readonly Refusal _refusal = new(request.Space);

    private AllocationOutcome? _outcome;

    /// <summary>The damaged block that the owner holds a lease in: whether it may get another one can't be said.</summary>
    private DamagedBlock? _damage;

    private DamagedBlock? _clash;

    /// <summary>
    /// The leases that this operation took, whether or not they are committed, and that end if it fails. What a sticky owner had before isn't among them: it stays this
    /// container's until its DEL, by which he keeps it.
    /// </summary>
    public IEnumerable<Lease> Taken => _taken.Concat(_takenBefore).Where(EndsIfFailed);

    public override Owner Owner => request.Owner;

    public override (string Space, IntervalSet Addresses)? Range =>
        request.Entries is [{ Requested: null, Ranges: [var first, ..] }, ..] ? (request.Space, first.Allocatable) : null;

    public override bool MayStepAside => request.Entries is [{ Ranges: [{ Policy: { Affinity: not BlockAffinity.Node, Order: AllocationOrder.Next } }, ..] }, ..];

    /// <summary>An abandoned request that has taken addresses is planned once more. That plan gives the addresses back.</summary>
    public override bool IsAbandoned => base.IsAbandoned && _taken.Count + _takenBefore.Count == 0;

    public override void Complete()
    {
        if (_damage is not null)
            Fail(StoreException.About($"say what {request.Owner} holds", _damage));
        else if (_outcome is null)
            Cancel();
        else
            Succeed(_outcome);
    }

    /// <summary>What was placed is answered as it was. Anything else that the plan relies on must still be there.</summary>
    public override void FollowPlaced(IReadOnlySet<BlockId> placed, AddressLedger ledger)
    {
        if (_outcome is not AllocationOutcome.Allocated allocated)
        {
            base.FollowPlaced(placed, ledger);
            return;
        }
        var addresses = allocated.Addresses.ToArray();
        for (var i = 0; i < addresses.Length; i++)
        {
            var lease = addresses[i].Lease;
            if (!placed.Contains(BlockId.Of(lease.Space, lease.Address)))
                continue;
            if (ledger.FindWritten(lease) is { } written)
                addresses[i] = addresses[i] with { Lease = written };
            else
                IsOverthrown = true;
        }
        _outcome = allocated with { Addresses = addresses };
        for (var i = 0; i < _taken.Count; i++)
            _taken[i] = ledger.FindWritten(_taken[i]) ?? _taken[i];
    }

    /// <summary>The store says that the owner holds a lease in a damaged block. The next plan gives back what was taken.</summary>
    public void Refuse(DamagedBlock clash) => _clash = clash;

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _takenBefore.AddRange(_taken);
        _takenBefore.RemoveAll(lease => !ledger.Holds(lease));
        _taken.Clear();
        _damage = _clash ?? ledger.DamageOf(request.Owner);
        var isPlanned = !base.IsAbandoned && _damage is null;
        if (isPlanned)
            ReliesOn.AddRange(planner.SetAside(request));
        _outcome = isPlanned ? planner.Plan(request, _taken) : null;

        switch (_outcome)
        {
            case AllocationOutcome.Allocated allocated:
                if (_takenBefore.Count > 0 && allocated.Replayed)
                    _outcome = allocated with { Replayed = false };
                foreach (var address in allocated.Addresses)
                    RelyOn(ledger, address.Lease);
                return;
            case AllocationOutcome.RequestRefused refused:
                IsRefused = true;
                Needs = BeforeRefusing(refused, ledger, planner);
                break;
            case AllocationOutcome.Exhausted exhausted:
                IsRefused = true;
                Needs = _refusal.Before(planner, request.Entries[exhausted.Entry], Look);
                break;
        }
        if (Needs is null)
            GiveBack(ledger);
    }

    /// <summary>Blocks of the ranges, and those of requested addresses.</summary>
    public override bool Concerns(BlockId block) =>
        block.Space == request.Space
        && request.Entries.Any(entry => entry.Requested is { } requested ? BlockId.Of(request.Space, requested) == block : IsIn(block, entry));

    /// <summary>The block that is in the way of a requested address, unless it was looked at since the request came, or just before.</summary>
    private LookWish? BeforeRefusing(AllocationOutcome.RequestRefused refused, AddressLedger ledger, AllocationPlanner planner)
    {
        if (refused.Reason is RefusalReason.OutsideRanges or RefusalReason.Gateway or RefusalReason.Excluded)
            return null;
        var block = BlockId.Of(request.Space, refused.InTheWay?.Address ?? refused.Address);
        var isKnown = Look?.Blocks.Contains(block) == true || ledger.Find(block) is { IsUnread: false } known && known.ConfirmedIn > ArrivedIn;
        return isKnown || planner.HasJustLookedAt(block) ? null : new LookWish([block]);
    }

    private bool EndsIfFailed(Lease lease) =>
        lease.Sticky is null || !request.Inherited.Any(former => former.Address == lease.Address && former.Space == lease.Space);

    private void RelyOn(AddressLedger ledger, Lease lease) => RelyOn(ledger, lease.Address);

    private void RelyOn(AddressLedger ledger, Address address) => ReliesOn.Add(ledger.Find(BlockId.Of(request.Space, address))!);

    private void GiveBack(AddressLedger ledger)
    {
        foreach (var lease in _takenBefore.Where(EndsIfFailed))
            ReliesOn.Add(ledger.GiveBack(lease));
    }
}
