using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Configuration.Explanations;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Explanations;

/// <summary>How explained ranges are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class RangeRowView
{
    public static View<RangeRow> Create()
    {
        Column<RangeRow>[] columns =
        [
            new("SET", static row => Number((UInt128)row.Set)),
            new("POOL", static row => row.Range.Pool ?? ""),
            new("RANGE", static row => row.Range.ToString()),
            new("SIZE", static row => Number(row.Standing.Size)),
            new("HELD", static row => Number((UInt128)row.Standing.Held)),
            new("COOLING", static row => Number((UInt128)row.Standing.Cooling)),
            new("RESERVED", static row => Number(row.Reserved)),
            new("FREE", static row => Number(row.Standing.Free)),
            new("NEXT", static row => row.NextText),
            new("WHY", static row => row.Why),
        ];
        return new View<RangeRow>(columns, columns, WriteFields);
    }

    public static void WriteFields(RangeRow row, IFieldWriter fields)
    {
        fields.Number("set", row.Set);
        fields.Text("pool", row.Range.Pool);
        fields.Text("subnet", row.Range.Subnet.ToString());
        fields.Text("range", row.Range.ToString());
        fields.Text("gateway", row.Range.Gateway?.ToString());
        fields.Flag("allowOutside", row.Range.AllowsOutside);
        fields.Number("size", row.Standing.Size);
        fields.Number("held", row.Standing.Held);
        fields.Number("cooling", row.Standing.Cooling);
        fields.Text("coolingUntil", row.Standing.CoolingUntil is { } until ? TimeText.Of(until) : null);
        fields.Number("damaged", row.Standing.SetAside);
        fields.Number("reserved", row.Reserved);
        fields.Number("free", row.Standing.Free);
        fields.Text("next", row.Next?.ToString());
        fields.Flag("used", row.IsUsed);
        fields.Text("why", row.Why);
    }

    private static string Number(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);
}
