using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>
/// Releases all an owner holds, as far as memory knows; answers with the leases released, but for those that a store without transactions
/// over blocks released in a former attempt.
/// </summary>
/// <param name="owner">Who.</param>
/// <param name="reason">Why.</param>
/// <param name="notAfter">Leases acquired later stay; null for all.</param>
internal sealed class ReleaseOwnerOperation(Owner owner, ReleaseReason reason, DateTimeOffset? notAfter)
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
            if (notAfter is { } limit && lease.AcquiredAt > limit)
                continue;
            _released.Add(lease);
            ReliesOn.Add(ledger.Release(lease, reason));
        }
    }
}
