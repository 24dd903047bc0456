using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Leases;

/// <summary>How addresses that cool down are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class CoolingView
{
    /// <summary>The view at an instant, from which the rest of a cooldown is counted.</summary>
    public static View<CoolingDown> At(DateTimeOffset now)
    {
        Column<CoolingDown>[] columns =
        [
            new("ADDRESS", static cooling => cooling.Address.ToString()),
            new("SPACE", static cooling => cooling.Block.Space),
            new("NODE", static cooling => cooling.Node ?? ""),
            new("UNTIL", static cooling => TimeText.Of(cooling.Until)),
            new("LEFT", cooling => AgeText.Of(cooling.Until - now)),
        ];
        return new View<CoolingDown>(columns, columns, static (cooling, fields) =>
        {
            fields.Text("address", cooling.Address.ToString());
            fields.Text("space", cooling.Block.Space);
            fields.Text("node", cooling.Node);
            fields.Text("until", TimeText.Of(cooling.Until));
        });
    }
}
