using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Spaces;

/// <summary>All of a space.</summary>
/// <param name="Space">Its name.</param>
/// <param name="Families">What is in use of it, for each family that has blocks.</param>
/// <param name="Pools">Its pools.</param>
/// <param name="Reservations">Its reservations.</param>
/// <param name="Nodes">The nodes that own blocks in it.</param>
internal sealed record SpaceCard(
    string Space, IReadOnlyList<SpaceUsage> Families, IReadOnlyList<string> Pools, IReadOnlyList<string> Reservations, IReadOnlyList<string> Nodes)
{
    /// <summary>How a space is shown. Titles, keys and their order are a contract with scripts.</summary>
    public static View<SpaceCard> ViewOf(SpaceCard shown)
    {
        Column<SpaceCard>[] columns =
        [
            new("SPACE", static card => card.Space),
            .. shown.Families.Select(static usage => new Column<SpaceCard>(
                usage.Family == IpFamily.V4 ? "IPV4" : "IPV6", _ => string.Create(CultureInfo.InvariantCulture, $"{usage.Held} held in {usage.Blocks} blocks"))),
            new("POOLS", static card => string.Join(", ", card.Pools)),
            new("RESERVATIONS", static card => string.Join(", ", card.Reservations)),
            new("NODES", static card => string.Join(", ", card.Nodes)),
        ];
        return new View<SpaceCard>(columns, columns, static (card, fields) =>
        {
            fields.Text("space", card.Space);
            fields.Objects("families", card.Families, static (usage, more) => SpaceView.Create().WriteFields(usage, more));
            fields.Texts("pools", card.Pools);
            fields.Texts("reservations", card.Reservations);
            fields.Texts("nodes", card.Nodes);
        });
    }
}
