using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Maps;

/// <summary>Prints a map as a drawing, or its runs as data.</summary>
internal sealed class MapPrinter(CliEnvironment environment)
{
    /// <summary>Prints it, and returns the exit code.</summary>
    public int Print(AddressMap map, OutputFormat format)
    {
        if (format == OutputFormat.Text)
            Draw(map);
        else
        {
            var writer = ListWriter.Create(format, View, environment);
            foreach (var run in map.Spans.SelectMany(map.RunsOf))
                writer.Add(run);
            writer.Complete();
        }
        return environment.Shown(map.Damaged.Select(static block => block.Why));
    }

    private void Draw(AddressMap map)
    {
        using var output = new StreamWriter(environment.Output, leaveOpen: true);
        var text = new MapText(output);
        foreach (var span in map.Spans)
            text.Write(map.RunsOf(span));
        text.WriteLegend();
    }

    private static View<AddressRun> View
    {
        get
        {
            Column<AddressRun>[] columns =
            [
                new("FIRST", static run => run.Addresses.First.ToString()),
                new("LAST", static run => run.Addresses.Last.ToString()),
                new("COUNT", static run => run.Count.ToString(CultureInfo.InvariantCulture)),
                new("STATE", static run => MapCells.WordOf(run.State)),
            ];
            return new View<AddressRun>(columns, columns, static (run, fields) =>
            {
                fields.Text("first", run.Addresses.First.ToString());
                fields.Text("last", run.Addresses.Last.ToString());
                fields.Number("count", run.Count);
                fields.Text("state", MapCells.WordOf(run.State));
            });
        }
    }
}
