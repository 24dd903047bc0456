using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Leases;

/// <summary>How much somebody holds.</summary>
/// <param name="By">What was counted by.</param>
/// <param name="Name">Who; empty for nobody, such as containers without a pod.</param>
/// <param name="Leases">How many leases.</param>
/// <param name="All">How many there are in all.</param>
/// <param name="Lately">How many of <paramref name="Leases"/> were handed out in the last hour.</param>
internal sealed record TopRow(string By, string Name, int Leases, int All, int Lately)
{
    private string Share => new FamilyUsage((UInt128)All, 0, Leases, 0).Percent;

    /// <summary>How such rows are shown. Titles, keys and their order are a contract with scripts.</summary>
    public static View<TopRow> View
    {
        get
        {
            Column<TopRow>[] columns =
            [
                new("BY", static row => row.By),
                new("NAME", static row => row.Name),
                new("LEASES", static row => Number(row.Leases)),
                new("SHARE%", static row => row.Share),
                new("LAST HOUR", static row => Number(row.Lately)),
            ];
            return new View<TopRow>(columns, columns, static (row, fields) =>
            {
                fields.Text("by", row.By);
                fields.Text("name", row.Name.Length > 0 ? row.Name : null);
                fields.Number("leases", row.Leases);
                fields.Text("sharePercent", row.Share);
                fields.Number("lastHour", row.Lately);
            });
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
