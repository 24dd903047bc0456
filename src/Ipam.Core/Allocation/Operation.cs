using Ipam.Core.Addresses;
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

    /// <summary>What the last plan needs to know before it can be answered; null if nothing.</summary>
    public LookWish? Needs { get; protected set; }

    /// <summary>
    /// Whether the last plan refuses something because of what memory says about blocks, so that it doesn't hold if some of these turn out to be different.
    /// </summary>
    public bool IsRefused { get; protected set; }

    /// <summary>When it arrived, as <see cref="LedgerIntake.NextMoment"/> counts.</summary>
    public long ArrivedIn { get; set; }

    /// <summary>When it arrived, as a timestamp of the monotonic clock.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>The range that it takes addresses of first, if it does: those of one range fight for the same blocks.</summary>
    public virtual (string Space, IntervalSet Addresses)? Range => null;

    /// <summary>Whether it is all the same to it in which block of the range it finds an address.</summary>
    public virtual bool MayStepAside => false;

    /// <summary>How many of its plans met a conflict.</summary>
    public int Conflicts { get; set; }

    /// <summary>What it waits for before it is planned again; null if for nothing.</summary>
    public Look? Look { get; set; }

    /// <summary>The pause that it makes before it is planned again; null if none.</summary>
    public RetryPause? Pause { get; set; }

    /// <summary>Whether it has been answered.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether a block may have something to do with the refusal.</summary>
    public virtual bool Concerns(BlockId block) => true;

    /// <summary>Changes memory as the caller asked. Before that, the changes of an earlier call are undone, except those that were committed.</summary>
    public void PlanAgain(AddressLedger ledger, AllocationPlanner planner)
    {
        ReliesOn.Clear();
        (Needs, IsRefused, IsOverthrown) = (null, false, false);
        Plan(ledger, planner);
        (Look, Pause) = (null, null);
    }

    /// <summary>Whether blocks that the last plan relies on turned out to be different when they were written, so that it has to be planned again.</summary>
    public bool IsOverthrown { get; protected set; }

    /// <summary>The store placed leases elsewhere in these blocks, beside what others wrote.</summary>
    public virtual void FollowPlaced(IReadOnlySet<BlockId> placed, AddressLedger ledger) => IsOverthrown |= ReliesOn.Exists(block => placed.Contains(block.Id));

    /// <summary>Answers: everything in <see cref="ReliesOn"/> is durable.</summary>
    public abstract void Complete();

    /// <summary>Answers with the failure: the store failed, and the planned changes may or may not be written.</summary>
    public abstract void Fail(Exception fault);

    protected static bool IsIn(BlockId block, AllocationEntry entry) => entry.Ranges.Any(
        range => range.Allocatable.Family == block.Family && range.Allocatable.MaskOf(block.Index) != 0);

    protected abstract void Plan(AddressLedger ledger, AllocationPlanner planner);
}
