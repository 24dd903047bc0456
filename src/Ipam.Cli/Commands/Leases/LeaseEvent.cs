using Ipam.Cli.Output;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Leases;

/// <summary>A lease that began, or ended.</summary>
/// <param name="Kind">Which of it.</param>
/// <param name="Lease">The lease.</param>
internal sealed record LeaseEvent(string Kind, Lease Lease)
{
    /// <summary>It is held.</summary>
    public const string Held = "held";

    /// <summary>It isn't any more.</summary>
    public const string Released = "released";

    /// <summary>How events are shown: as leases are, with what happened first. Titles, keys and their order are a contract with scripts.</summary>
    public static View<LeaseEvent> Of(View<Lease> leases) => new(
        Columns(leases.Columns), Columns(leases.AllColumns),
        (one, fields) =>
        {
            fields.Text("event", one.Kind);
            leases.WriteFields(one.Lease, fields);
        });

    private static List<Column<LeaseEvent>> Columns(IReadOnlyList<Column<Lease>> columns) =>
    [
        new("EVENT", static one => one.Kind),
        .. columns.Select(static column => new Column<LeaseEvent>(column.Title, one => column.Text(one.Lease))),
    ];
}
