using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;

namespace Ipam.Core.GarbageCollection;

/// <summary>What a pass over the whole store came to.</summary>
public sealed record CollectionReport
{
    /// <summary>How many leases there are, of those that are meant.</summary>
    public int Listed { get; init; }

    /// <summary>How many of them are on nodes that nobody answers for: these are judged.</summary>
    public int Judged { get; init; }

    /// <summary>How many are on nodes of which more can be said once they have been watched for longer.</summary>
    public int Unwatched { get; init; }

    /// <summary>Those whose owner seems to be gone, and that are not yet released.</summary>
    public IReadOnlyList<Suspect> Suspects { get; init; } = [];

    /// <summary>Those whose time is over: they are released, unless that is only to be shown.</summary>
    public IReadOnlyList<LeakRelease> Due { get; init; } = [];

    /// <summary>Those that were released.</summary>
    public IReadOnlyList<LeakRelease> Released { get; init; } = [];

    /// <summary>Why others weren't.</summary>
    public IReadOnlyList<PassRefusal> Refusals { get; init; } = [];

    /// <summary>Sentences on what could not be released although it was to be.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>The damaged blocks that were met: whether leases in them are leaked isn't known.</summary>
    public IReadOnlyList<DamagedBlock> Damaged { get; init; } = [];

    /// <summary>The blocks that were owned by nodes which are gone, before anything was released.</summary>
    public IReadOnlyList<NodeBlock> BlocksOfGoneNodes { get; init; } = [];

    /// <summary>Whether the right to release ended in the midst.</summary>
    public bool IsCutShort { get; init; }
}
