using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;

namespace Ipam.Core.GarbageCollection;

/// <summary>What a look at a whole store came to.</summary>
public sealed record CheckReport
{
    /// <summary>When the last reading ended, by the clock of whoever looked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The store.</summary>
    public required string Store { get; init; }

    /// <summary>The identity of its data.</summary>
    public required string Identity { get; init; }

    /// <summary>The UID of its cluster; empty if it belongs to none.</summary>
    public required string ClusterUid { get; init; }

    /// <summary>How many leases there are.</summary>
    public required int Leases { get; init; }

    /// <summary>How many of them lie in no pool's subnet although their space has pools.</summary>
    public required int InNoPool { get; init; }

    /// <summary>What doesn't add up.</summary>
    public required IReadOnlyList<Drift> Drift { get; init; }

    /// <summary>Blocks whose node is gone.</summary>
    public required IReadOnlyList<NodeBlock> BlocksOfGoneNodes { get; init; }

    /// <summary>Leases whose owner seems to be gone: one reading said so, which is no reason to release them.</summary>
    public required IReadOnlyList<Suspect> Leaks { get; init; }

    /// <summary>Why more may be leaked.</summary>
    public required IReadOnlyList<PassRefusal> Refusals { get; init; }

    /// <summary>How many findings there are.</summary>
    public int Findings => Drift.Count + BlocksOfGoneNodes.Count + Leaks.Count;
}
