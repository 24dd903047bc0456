using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Nodes;

/// <summary>A node that is to be forgotten, as it is shown before the question.</summary>
/// <param name="Holdings">What it has.</param>
/// <param name="Entry">Its entry in the registry; null if it has none.</param>
internal sealed record NodeCard(NodeHoldings Holdings, NodeEntry? Entry)
{
    public static View<NodeCard> View { get; } = Create();

    private static View<NodeCard> Create()
    {
        Column<NodeCard>[] columns =
        [
            new("NAME", static node => node.Holdings.Node),
            new("HOST", static node => node.Entry?.Host ?? ""),
            new("INSTANCE", static node => node.Entry?.Instance ?? ""),
            new("LEASES", static node => node.Holdings.Leases.ToString(CultureInfo.InvariantCulture)),
            new("BLOCKS", static node => node.Holdings.Blocks.ToString(CultureInfo.InvariantCulture)),
            new("PODS", static node => PodsOf(node.Holdings)),
        ];
        return new View<NodeCard>(columns, columns, static (_, _) => { });
    }

    // Which of the other leases are of further pods isn't known.
    private static string PodsOf(NodeHoldings holdings)
    {
        var named = string.Join(", ", holdings.Pods);
        return holdings.Pods.Count > 0 && holdings.Leases > holdings.Pods.Count ? $"{named}, ..." : named;
    }
}
