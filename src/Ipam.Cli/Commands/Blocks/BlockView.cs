using System.Globalization;
using System.Numerics;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Blocks;

/// <summary>How blocks are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class BlockView
{
    /// <summary>Blocks in a list.</summary>
    public static View<BlockSummary> OfSummaries()
    {
        Column<BlockSummary>[] columns =
        [
            new("BLOCK", static block => block.Id.Prefix.ToString()),
            new("SPACE", static block => block.Id.Space),
            new("NODE", static block => block.Node ?? ""),
            new("HELD", static block => Number(BitOperations.PopCount(block.Held))),
            new("VERSION", static block => Number(block.Version)),
        ];
        return new View<BlockSummary>(columns, columns, WriteSummary);
    }

    /// <summary>A block in full, at an instant.</summary>
    public static View<Block> OfBlock(Block shown, DateTimeOffset now)
    {
        Column<Block>[] columns =
        [
            new("BLOCK", static block => block.Id.Prefix.ToString()),
            new("SPACE", static block => block.Id.Space),
            new("NODE", static block => block.Node ?? ""),
            new("HELD", static block => Number(block.Leases.Count)),
            .. shown.EndCooldowns(now).Cooling.Select(static cooling => new Column<Block>("COOLING", block => $"{block.Id.AddressAt(cooling.Offset)} until {TimeText.Of(cooling.Until)}")),
            new("LAST", static block => block.LastOffset < 0 ? "" : block.Id.AddressAt(block.LastOffset).ToString()),
            new("LAST SEQUENCE", static block => Number(block.LastSequence)),
            new("VERSION", static block => Number(block.Version)),
        ];
        return new View<Block>(columns, columns, (block, fields) =>
        {
            WriteSummary(block.Summary, fields);
            fields.Text("lastAddress", block.LastOffset < 0 ? null : block.Id.AddressAt(block.LastOffset).ToString());
            fields.Number("lastSequence", block.LastSequence);
            fields.Objects("cooling", block.EndCooldowns(now).Cooling, (cooling, more) =>
            {
                more.Text("address", block.Id.AddressAt(cooling.Offset).ToString());
                more.Text("until", TimeText.Of(cooling.Until));
            });
            fields.Objects("leases", block.Leases, LeaseView.WriteFields);
        });
    }

    private static void WriteSummary(BlockSummary block, IFieldWriter fields)
    {
        fields.Text("block", block.Id.Prefix.ToString());
        fields.Text("space", block.Id.Space);
        fields.Text("node", block.Node);
        fields.Number("held", BitOperations.PopCount(block.Held));
        fields.Number("version", block.Version);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
