using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;

namespace Ipam.Cli.Commands.Checks;

/// <summary>Something that a check found.</summary>
/// <param name="Kind">Of what kind it is: a word.</param>
/// <param name="Block">The block that it is about; null if not even that is known.</param>
/// <param name="Lease">The lease that it is about; null if it is about a whole block.</param>
/// <param name="Node">The node; empty if it isn't about one.</param>
/// <param name="Source">Which source found a leak; null for what is none.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record Finding(string Kind, BlockId? Block, Lease? Lease, string Node, string? Source, string Reason)
{
    /// <summary>The kind of a leak.</summary>
    public const string Leak = "leak";

    /// <summary>All that a report has: what doesn't add up, blocks of nodes that are gone, and leaks.</summary>
    public static IEnumerable<Finding> Of(CheckReport report) =>
    [
        .. report.Drift.Select(static drift => new Finding(KindOf(drift.Kind), drift.Block, drift.Lease, drift.Lease?.Node ?? "", null, drift.Reason)),
        .. report.BlocksOfGoneNodes.Select(static block => new Finding(
            "block-of-gone-node", block.Id, null, block.Node, null, $"its node {block.Node} is gone, and {(block.IsEmpty ? "it is empty" : "addresses in it are held")}")),
        .. report.Leaks.Select(static leak => new Finding(
            Leak, BlockId.Of(leak.Lease.Space, leak.Lease.Address), leak.Lease, leak.Lease.Node, leak.Source, leak.Finding)),
    ];

    private static string KindOf(DriftKind kind) => kind switch
    {
        DriftKind.DamagedBlock => "damaged-block",
        DriftKind.TwoOwners => "two-owners",
        DriftKind.OwnerTwice => "owner-twice",
        DriftKind.OutsidePools => "outside-pools",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind that has a word"),
    };
}
