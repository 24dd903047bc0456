using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Stores;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Leaders;

/// <summary>
/// How a leader is shown. Titles, keys and their order are a contract with scripts. All times are of the leader's clock, so none is compared with this machine's:
/// how long it has led is as its record said when it was last written.
/// </summary>
internal static class LeaderView
{
    public static View<LeaderRecord> Of(string role)
    {
        Column<LeaderRecord>[] columns =
        [
            new("ROLE", _ => role),
            new("HOLDER", static record => record.Holder),
            new("ACQUIRED", static record => TimeText.Of(record.AcquiredAt)),
            new("RENEWED", static record => TimeText.Of(record.RenewedAt)),
            new("LED FOR", static record => AgeText.Of(record.RenewedAt - record.AcquiredAt)),
            new("TERM", static record => AgeText.Of(record.Term)),
            new("TRANSITIONS", static record => record.Transitions.ToString(CultureInfo.InvariantCulture)),
        ];
        return new View<LeaderRecord>(columns, columns, (record, fields) => WriteFields(role, record, fields));
    }

    private static void WriteFields(string role, LeaderRecord record, IFieldWriter fields)
    {
        fields.Text("role", role);
        fields.Text("holder", record.Holder);
        fields.Text("acquiredAt", TimeText.Of(record.AcquiredAt));
        fields.Text("renewedAt", TimeText.Of(record.RenewedAt));
        fields.Number("termSeconds", (long)record.Term.TotalSeconds);
        fields.Number("transitions", record.Transitions);
    }
}
