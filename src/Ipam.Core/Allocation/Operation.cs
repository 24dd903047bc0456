using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>
/// A caller's request in the allocator's queue. The loop plans it in memory, perhaps several times. The loop completes it when everything that
/// it relies on is durable. Only the allocator's loop calls it.
/// </summary>
internal abstract class Operation
{
    /// <summary>The blocks whose state the answer relies on; filled by <see cref="Plan"/>.</summary>
    public List<LedgerBlock> ReliesOn { get; } = [];

    /// <summary>The owner whose addresses the operation takes or gives; null if it isn't about one owner.</summary>
    public virtual Owner? Owner => null;

    /// <summary>Whether the caller no longer waits. Planning the operation would then only waste an address.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>
    /// Whether the plan failed because of what memory says about blocks. Others may have changed these blocks, so the allocator revalidates
    /// memory and plans once more.
    /// </summary>
    public bool NeedsRevalidation { get; protected set; }

    /// <summary>Whether memory was revalidated on behalf of this operation.</summary>
    public bool IsRevalidated { get; set; }

    /// <summary>Whether the operation needs only this node's blocks, so that other blocks needn't be revalidated.</summary>
    public virtual bool RevalidatesOwnBlocksOnly => false;

    /// <summary>Whether the operation, which <see cref="NeedsRevalidation"/>, needs the leases of a block that another node owns.</summary>
    public virtual bool Wants(BlockSummary block) => false;

    /// <summary>Changes memory as the caller asked. Before that, the changes of an earlier call are undone, except those that were committed.</summary>
    public void PlanAgain(AddressLedger ledger, AllocationPlanner planner)
    {
        ReliesOn.Clear();
        NeedsRevalidation = false;
        Plan(ledger, planner);
    }

    /// <summary>Answers: everything in <see cref="ReliesOn"/> is durable.</summary>
    public abstract void Complete();

    /// <summary>Answers with the failure: the store failed, and the planned changes may or may not be written.</summary>
    public abstract void Fail(Exception fault);

    protected static bool HasRoom(AllocationRange range, BlockSummary block) =>
        range.Allocatable.Family == block.Id.Family
        && (range.Allocatable.MaskOf(block.Id.Index) & ~block.Held) != 0
        && (block.Held == 0 || !range.Policy.KeepsToOwnBlocks);

    protected abstract void Plan(AddressLedger ledger, AllocationPlanner planner);
}
