using System.Globalization;
using Ipam.Cli.Output;

namespace Ipam.Cli.Commands.Leases;

/// <summary>How many leases have something in common.</summary>
/// <param name="Key">What; empty for nothing.</param>
/// <param name="Leases">How many.</param>
internal sealed record LeaseCount(string Key, int Leases)
{
    /// <summary>How counts are shown.</summary>
    /// <param name="kind">What they are by.</param>
    public static View<LeaseCount> View(string kind)
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
