using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Makes the allocator revalidate its node's blocks if wanted, then proposes to delete blocks that have been empty for as long as it says.</summary>
internal sealed class MaintainOperation(TimeSpan keepEmptyBlocks, bool revalidates) : AwaitedOperation<bool>(CancellationToken.None)
{
    private bool _isRevalidated = !revalidates;

    public override void Complete() => Succeed(true);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        _isRevalidated |= Look is not null;
        if (_isRevalidated)
            ledger.DeleteIdleBlocks(keepEmptyBlocks);
        else
            Needs = LookWish.Own;
    }
}
