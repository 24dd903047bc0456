using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>
/// Releases all leases of an owner that memory knows. Answers with the released leases. A store without transactions over blocks may have released
/// some of them in an earlier attempt; the answer doesn't contain those.
/// </summary>
/// <param name="owner">Who.</param>
/// <param name="reason">Why.</param>
/// <param name="spares">Says which leases stay, at the moment of the release; null for none.</param>
internal sealed class ReleaseOwnerOperation(Owner owner, ReleaseReason reason, Func<Lease, bool>? spares)
    : AwaitedOperation<IReadOnlyList<Lease>>(CancellationToken.None)
{
    private readonly List<Lease> _released = [];

    public override Owner Owner => owner;

    public override void Complete() => Succeed(_released);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _released.Clear();
        foreach (var lease in ledger.LeasesOf(owner))
        {
            if (spares?.Invoke(lease) == true)
                continue;
            _released.Add(lease);
            ReliesOn.Add(ledger.Release(lease, reason));
        }
    }
}
