using System.Globalization;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;

namespace Ipam.Cli.Commands.Checks;

/// <summary>How findings are shown. Titles, keys and their order are a contract with scripts, and with <c>ipamctl repair</c>.</summary>
internal static class FindingView
{
    public static View<Finding> Create()
    {
        Column<Finding>[] columns =
        [
            new("KIND", static finding => finding.Kind),
            new("ADDRESS", static finding => finding.Lease?.Address.ToString() ?? finding.Block?.Prefix.ToString() ?? ""),
            new("SPACE", static finding => finding.Block?.Space ?? ""),
            new("SEQUENCE", static finding => finding.Lease?.Sequence.ToString(CultureInfo.InvariantCulture) ?? ""),
            new("OWNER", static finding => finding.Lease?.Owner.ToString() ?? ""),
            new("NODE", static finding => finding.Node),
            new("POD", static finding => finding.Lease?.Pod?.ToString() ?? ""),
            new("REASON", static finding => finding.Reason),
        ];
        return new View<Finding>(columns, columns, WriteFields);
    }

    /// <summary>The fields of JSON and YAML; those of a lease come last, and only if there is one.</summary>
    public static void WriteFields(Finding finding, IFieldWriter fields)
    {
        fields.Text("kind", finding.Kind);
        fields.Text("reason", finding.Reason);
        fields.Text("source", finding.Source);
        fields.Text("block", finding.Block?.Prefix.ToString());
        if (finding.Lease is { } lease)
        {
            LeaseView.WriteFields(lease, fields);
            return;
        }
        fields.Text("space", finding.Block?.Space);
        fields.Text("node", finding.Node.Length > 0 ? finding.Node : null);
    }
}
