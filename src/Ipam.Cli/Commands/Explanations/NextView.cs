using Ipam.Cli.Output;
using Ipam.Configuration.Explanations;

namespace Ipam.Cli.Commands.Explanations;

/// <summary>How the next addresses of a pool are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class NextView
{
    public static View<NextAddress> Create()
    {
        Column<NextAddress>[] columns =
        [
            new("NEXT", static next => next.Row.NextText),
            new("NODE", static next => next.Node.Length > 0 ? next.Node : "any"),
            new("RANGE", static next => next.Row.Range.ToString()),
            new("WHY", static next => next.Row.Why),
        ];
        return new View<NextAddress>(columns, columns, static (next, fields) =>
        {
            fields.Text("next", next.Row.Next?.ToString());
            fields.Text("node", next.Node.Length > 0 ? next.Node : null);
            fields.Text("range", next.Row.Range.ToString());
            fields.Text("why", next.Row.Why);
        });
    }
}

/// <summary>The next address of one family of a pool.</summary>
/// <param name="Node">The node that would get it; empty for any.</param>
/// <param name="Row">The range that it comes from; the last one that is exhausted if there is none.</param>
internal sealed record NextAddress(string Node, RangeRow Row);
