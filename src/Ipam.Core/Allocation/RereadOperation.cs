using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Makes the allocator read certain blocks from the store.</summary>
internal sealed class RereadOperation(IReadOnlyCollection<BlockId> blocks) : AwaitedOperation<bool>(CancellationToken.None)
{
    public override void Complete() => Succeed(true);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner) => Needs = Look is null ? new LookWish(blocks) : null;
}
