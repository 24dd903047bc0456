using Ipam.Core.Blocks;

namespace Ipam.Core.Reconciliation;

/// <summary>One look of a source at the world. What it says of a lease it says of the time between its begin and its end.</summary>
/// <param name="Source">The source's name; the same for all its readings.</param>
/// <param name="BeganAt">When it began: a timestamp of the monotonic clock.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Of">What it says of a lease.</param>
public sealed record Reading(string Source, long BeganAt, long EndedAt, Func<Lease, Evidence> Of)
{
    /// <summary>Whether the source read all that there was. What is missing from a reading that isn't complete may be there.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>
    /// How many things a list had, for a source that concludes from what its list doesn't have. Null for a source that looks at each owner by itself: there
    /// a reading can't be cut short without that being noticed.
    /// </summary>
    public int? Size { get; init; }
}
