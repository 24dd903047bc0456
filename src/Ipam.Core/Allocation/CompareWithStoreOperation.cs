using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>Makes the allocator compare what it knows of its node's blocks with the store, then proposes to delete blocks that have been empty for long.</summary>
internal sealed class CompareWithStoreOperation(long emptySince) : AwaitedOperation<bool>(CancellationToken.None)
{
    public override bool DoubtsOwnBlocksOnly => true;

    public override void Complete() => Succeed(true);

    protected override void Plan(AddressLedger ledger, AllocationPlanner planner)
    {
        DoubtsMemory = !SawTheStore;
        if (SawTheStore)
            IdleBlocks.Delete(ledger, emptySince);
    }
}
