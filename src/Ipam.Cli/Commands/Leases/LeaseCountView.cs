using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Leases;

/// <summary>How counts of leases are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class LeaseCountView
{
    /// <summary>The view of counts.</summary>
    /// <param name="kind">What they are by.</param>
    public static View<LeaseCount> Of(string kind)
    {
        Column<LeaseCount>[] columns =
        [
            new(kind.ToUpperInvariant(), static count => count.Key),
            new("LEASES", static count => count.Leases.ToString(CultureInfo.InvariantCulture)),
        ];
        return new View<LeaseCount>(columns, columns, (count, fields) =>
        {
            fields.Text(kind, count.Key.Length == 0 ? null : count.Key);
            fields.Number("leases", count.Leases);
        });
    }
}
