using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Releases one lease if it is still that very lease and nobody spares it; answers whether it was released.</summary>
internal sealed class ReleaseLeaseOperation(Lease lease, ReleaseReason reason, Func<Lease, bool>? spares) : AwaitedOperation<bool>(CancellationToken.None)
{
    private bool _released;

    public override void Complete() => Succeed(_released);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _released = ledger.Holds(lease) && spares?.Invoke(lease) != true;
        if (_released)
            ReliesOn.Add(ledger.Release(lease, reason));
    }
}
