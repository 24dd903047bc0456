using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>
/// What must be looked at before a request is told that a range is exhausted. Memory knows of other nodes' blocks only how full they were when it looked last.
/// So a few of those that seemed to have room are read first; then the space is listed; then a few are read of which that says so.
/// </summary>
internal sealed class Refusal(string space)
{
    private const int BlocksAtOnce = 8;

    /// <summary>So many blocks that turn out full say that memory is too old.</summary>
    private const int BlocksBeforeListing = 16;

    private int _read;

    /// <summary>What to look at; null if the refusal stands.</summary>
    /// <param name="planner">Knows what memory knows.</param>
    /// <param name="entry">What there is no address for.</param>
    /// <param name="looked">The look that the request has just waited for; null if it hasn't.</param>
    public LookWish? Before(AllocationPlanner planner, AllocationEntry entry, Look? looked)
    {
        var isKnown = looked?.Space == space || planner.HasJustLookedAt(space);
        if (isKnown || _read < BlocksBeforeListing)
        {
            var candidates = planner.Candidates(space, entry, BlocksAtOnce);
            _read += candidates.Count;
            if (candidates.Count > 0)
                return new LookWish(candidates);
        }
        return isKnown ? null : LookWish.Of(space);
    }
}
