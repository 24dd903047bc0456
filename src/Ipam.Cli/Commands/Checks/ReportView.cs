using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Checks;

/// <summary>A check's report as a document, which <see cref="ReportFile"/> reads again. Keys and their order are a contract with scripts.</summary>
internal static class ReportView
{
    /// <summary>Which form the document has.</summary>
    public const long Format = 1;

    public static View<CheckReport> Create() => new([], [], WriteFields);

    private static void WriteFields(CheckReport report, IFieldWriter fields)
    {
        fields.Number("format", Format);
        fields.Text("version", ProgramVersion.Text);
        fields.Text("time", TimeText.Of(report.At));
        fields.Text("store", report.Store);
        fields.Text("identity", report.Identity);
        fields.Text("clusterUid", report.ClusterUid.Length > 0 ? report.ClusterUid : null);
        fields.Number("leases", report.Leases);
        fields.Objects("findings", Finding.Of(report), FindingView.WriteFields);
    }
}
