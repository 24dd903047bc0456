using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Nodes;

/// <summary>All of a node: as it is shown before it is forgotten, or in full.</summary>
/// <param name="Holdings">What it has.</param>
/// <param name="Entry">Its entry in the registry; null if it has none.</param>
internal sealed record NodeCard(NodeHoldings Holdings, NodeEntry? Entry)
{
    /// <summary>What is to be known before it is forgotten.</summary>
    public static View<NodeCard> View { get; } = Create();

    /// <summary>All of it. Titles, keys and their order are a contract with scripts.</summary>
    public static View<NodeCard> FullView { get; } = new(
        [],
        [
            View.AllColumns[0],
            new("STATE", static node => node.State),
            .. View.AllColumns.Skip(1),
            new("IDENTITY", static node => node.Entry?.Identity ?? ""),
            new("RECOVERY", static node => node.Entry?.Step.ToString().ToLowerInvariant() ?? ""),
            new("NODE UID", static node => node.Entry?.ClusterUid ?? ""),
        ],
        static (node, fields) => node.WriteFields(fields));

    private string State => Entry is null ? "unregistered" : Entry.HasStopped ? "stopped" : "registered";

    private void WriteFields(IFieldWriter fields)
    {
        fields.Text("name", Holdings.Node);
        fields.Text("state", State);
        fields.Text("host", Entry?.Host);
        fields.Text("instance", Entry?.Instance);
        fields.Number("leases", Holdings.Leases);
        fields.Number("blocks", Holdings.Blocks);
        fields.Texts("somePods", Holdings.Pods);
        fields.Text("identity", Entry?.Identity);
        fields.Text("recovery", Entry?.Step.ToString().ToLowerInvariant());
        fields.Text("clusterUid", Entry is { ClusterUid.Length: > 0 } ? Entry.ClusterUid : null);
    }

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
