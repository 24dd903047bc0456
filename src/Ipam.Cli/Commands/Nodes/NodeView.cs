using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Nodes;

/// <summary>How nodes are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class NodeView
{
    // As much of an instance as is enough to tell it.
    private const int ShortInstance = 13;

    public static View<NodeStatus> Create() => new(Columns(static instance => instance[..Math.Min(instance.Length, ShortInstance)]), Columns(static instance => instance), WriteFields);

    private static Column<NodeStatus>[] Columns(Func<string, string> instance) =>
    [
        new("NAME", static node => node.Node),
        new("STATE", StateName),
        new("HOST", static node => node.Entry?.Host ?? ""),
        new("INSTANCE", node => instance(node.Entry?.Instance ?? "")),
        new("LEASES", static node => node.Leases.ToString(CultureInfo.InvariantCulture)),
        new("BLOCKS", static node => node.Blocks.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string StateName(NodeStatus node) => node.State.ToString().ToLowerInvariant();

    private static void WriteFields(NodeStatus node, IFieldWriter fields)
    {
        fields.Text("name", node.Node);
        fields.Text("state", StateName(node));
        fields.Text("host", node.Entry?.Host);
        fields.Text("instance", node.Entry?.Instance);
        fields.Number("leases", node.Leases);
        fields.Number("blocks", node.Blocks);
    }
}
