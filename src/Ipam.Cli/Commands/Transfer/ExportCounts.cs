using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>How many of each an export has.</summary>
internal sealed record ExportCounts
{
    public long Pools { get; set; }

    public long Reservations { get; set; }

    public long Blocks { get; set; }

    public long Leases { get; set; }

    public long Cooldowns { get; set; }

    /// <summary>What the store had and couldn't read, so that it is missing.</summary>
    public long Damaged { get; set; }

    public void Add(Block block)
    {
        Blocks++;
        Leases += block.Leases.Count;
        Cooldowns += block.Cooling.Count;
    }

    public void Write(IFieldWriter fields)
    {
        fields.Number("pools", Pools);
        fields.Number("reservations", Reservations);
        fields.Number("blocks", Blocks);
        fields.Number("leases", Leases);
        fields.Number("cooldowns", Cooldowns);
        fields.Number("damaged", Damaged);
    }

    public static ExportCounts Read(ExportLine line) => new()
    {
        Pools = line.Number("pools"),
        Reservations = line.Number("reservations"),
        Blocks = line.Number("blocks"),
        Leases = line.Number("leases"),
        Cooldowns = line.Number("cooldowns"),
        Damaged = line.Number("damaged"),
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"pools: {Pools}, reservations: {Reservations}, blocks: {Blocks}, leases: {Leases}, cooldowns: {Cooldowns}");
}
