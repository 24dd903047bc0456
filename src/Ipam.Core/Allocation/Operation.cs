using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>
/// One caller's wish in the allocator's queue. It is planned in memory, perhaps several times, and completed once everything it relies on
/// is durable. Only the allocator's loop calls it.
/// </summary>
internal abstract class Operation
{
    /// <summary>The blocks whose state the answer relies on; filled by <see cref="Plan"/>.</summary>
    public List<LedgerBlock> ReliesOn { get; } = [];

    /// <summary>The owner whose addresses the operation takes or gives; null if it isn't about one owner.</summary>
    public virtual Owner? Owner => null;

    /// <summary>Whether the caller has gone away, so that planning it would only waste an address.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>
    /// Whether the plan failed for what memory says of blocks, which others may have changed. The allocator then revalidates memory and plans
    /// once more.
    /// </summary>
    public bool NeedsRevalidation { get; protected set; }

    /// <summary>Whether memory was revalidated on behalf of this operation.</summary>
    public bool IsRevalidated { get; set; }

    /// <summary>Whether it is about this node's blocks only, so that those of others needn't be revalidated.</summary>
    public virtual bool RevalidatesOwnBlocksOnly => false;

    /// <summary>Whether the operation, which <see cref="NeedsRevalidation"/>, has use for the leases of a block that isn't this node's.</summary>
    public virtual bool Wants(BlockSummary block) => false;

    /// <summary>Changes memory as wished. What a former call changed is undone, unless it was committed.</summary>
    public void PlanAgain(AddressLedger ledger, AllocationPlanner planner)
    {
        ReliesOn.Clear();
        NeedsRevalidation = false;
        Plan(ledger, planner);
    }

    /// <summary>Everything in <see cref="ReliesOn"/> is durable: answer.</summary>
    public abstract void Complete();

    /// <summary>The store failed, and what was planned may or may not be written: answer with the failure.</summary>
    public abstract void Fail(Exception fault);

    protected static bool HasRoom(AllocationRange range, BlockSummary block) =>
        range.Allocatable.Family == block.Id.Family
        && (range.Allocatable.MaskOf(block.Id.Index) & ~block.Held) != 0
        && (block.Held == 0 || !range.Policy.KeepsToOwnBlocks);

    protected abstract void Plan(AddressLedger ledger, AllocationPlanner planner);
}
