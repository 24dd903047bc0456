using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
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

    private AllocationOutcome? _outcome;

    /// <summary>The damaged block that the owner holds a lease in: whether it may get another one can't be said.</summary>
    private DamagedBlock? _damage;

    private DamagedBlock? _clash;

    /// <summary>The leases that this operation took, whether or not they are committed.</summary>
    public IEnumerable<Lease> Taken => _taken.Concat(_takenBefore);

    public override Owner Owner => request.Owner;

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

    /// <summary>The store says that the owner holds a lease in a damaged block. The next plan gives back what was taken.</summary>
    public void Refuse(DamagedBlock clash) => _clash = clash;

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _takenBefore.AddRange(_taken);
        _takenBefore.RemoveAll(lease => !ledger.Holds(lease));
        _taken.Clear();
        _damage = _clash ?? ledger.DamageOf(request.Owner);
        _outcome = base.IsAbandoned || _damage is not null ? null : planner.Plan(request, _taken);

        switch (_outcome)
        {
            case AllocationOutcome.Allocated allocated:
                if (_takenBefore.Count > 0 && allocated.Replayed)
                    _outcome = allocated with { Replayed = false };
                foreach (var address in allocated.Addresses)
                    RelyOn(ledger, address.Lease);
                return;
            case AllocationOutcome.RequestRefused { InTheWay: { } holder }:
                RelyOn(ledger, holder);
                break;
            case AllocationOutcome.RequestRefused { Reason: RefusalReason.CoolingDown } refused:
                RelyOn(ledger, refused.Address);
                break;
            case AllocationOutcome.RequestRefused { Reason: RefusalReason.Held or RefusalReason.Damaged }:
                NeedsRevalidation = true;
                break;
            case AllocationOutcome.Exhausted exhausted:
                NeedsRevalidation = true;
                // An unread block is known to have free addresses, so the store must be asked once more.
                IsRevalidated &= !planner.MayBeSatisfied(request.Space, request.Entries[exhausted.Entry]);
                break;
        }
        if (!NeedsRevalidation || IsRevalidated)
            GiveBack(ledger);
    }

    /// <summary>Wants blocks that have free addresses in one of the ranges, and the blocks of requested addresses.</summary>
    public override bool Wants(BlockSummary block) =>
        block.Id.Space == request.Space && request.Entries.Any(entry => entry.Requested is { } requested
            ? BlockId.Of(request.Space, requested) == block.Id
            : entry.Ranges.Any(range => HasRoom(range, block)));

    private void RelyOn(AddressLedger ledger, Lease lease) => RelyOn(ledger, lease.Address);

    private void RelyOn(AddressLedger ledger, Address address) => ReliesOn.Add(ledger.Find(BlockId.Of(request.Space, address))!);

    private void GiveBack(AddressLedger ledger)
    {
        foreach (var lease in _takenBefore)
            ReliesOn.Add(ledger.GiveBack(lease));
    }
}
