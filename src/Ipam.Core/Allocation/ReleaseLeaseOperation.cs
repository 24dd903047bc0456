using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>Releases one lease if it is still that very lease and nobody spares it; answers whether it was released.</summary>
internal sealed class ReleaseLeaseOperation(Lease lease, ReleaseReason reason, Func<Lease, bool>? spares) : AwaitedOperation<bool>(CancellationToken.None)
{
    private bool _released;
    private DamagedBlock? _damage;

    public override void Complete()
    {
        if (_damage is not null)
            Fail(StoreException.About($"release {lease.Address} of {lease.Owner}", _damage));
        else
            Succeed(_released);
    }

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _damage = spares?.Invoke(lease) == true ? null : ledger.DamageOf(lease);
        _released = ledger.Holds(lease) && spares?.Invoke(lease) != true;
        if (_released)
            ReliesOn.Add(planner.End(lease, reason));
    }
}
