using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>
/// Releases all leases of an owner that memory knows. Answers with the released leases. A store without transactions over blocks may have released
/// some of them in an earlier attempt; the answer doesn't contain those. If a lease is in a damaged block, the others are released and the answer is
/// a failure.
/// </summary>
/// <param name="owner">Who.</param>
/// <param name="reason">Why.</param>
/// <param name="spares">Says which leases stay, at the moment of the release; null for none.</param>
internal sealed class ReleaseOwnerOperation(Owner owner, ReleaseReason reason, Func<Lease, bool>? spares)
    : AwaitedOperation<ReleasedLeases>(CancellationToken.None)
{
    private readonly List<Lease> _released = [];

    public override Owner Owner => owner;

    private DamagedBlock? _damage;
    private bool _isPartBlind;

    public override void Complete()
    {
        if (_damage is not null)
            Fail(StoreException.About($"release all that {owner} holds", _damage));
        else
            Succeed(new ReleasedLeases(_released, _released.Count > 0 && !_isPartBlind));
    }

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _released.Clear();
        _damage = null;
        _isPartBlind = ledger.HasBlindSpot;
        foreach (var lease in ledger.LeasesOf(owner))
        {
            if (spares?.Invoke(lease) == true)
                continue;
            if (ledger.DamageOf(lease) is { } damage)
            {
                _damage = damage;
                continue;
            }
            _released.Add(lease);
            ReliesOn.Add(planner.End(lease, reason));
        }
    }
}

/// <summary>What was released of an owner.</summary>
/// <param name="Leases">The leases.</param>
/// <param name="AreAll">Whether memory is sure that the owner holds no other one that was handed out on its node.</param>
internal sealed record ReleasedLeases(List<Lease> Leases, bool AreAll);
