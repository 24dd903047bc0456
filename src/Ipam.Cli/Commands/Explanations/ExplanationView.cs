using System.Globalization;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Configuration.Explanations;

namespace Ipam.Cli.Commands.Explanations;

/// <summary>How an explanation is shown, without its ranges. Titles, keys and their order are a contract with scripts.</summary>
internal static class ExplanationView
{
    public static View<Explanation> Of(Explanation explanation)
    {
        Column<Explanation>[] columns =
        [
            new("POD", static one => one.Subject.Pod),
            new("CONTAINER", static one => one.Subject.Container),
            new("NODE", static one => one.Subject.Node),
            new("NETWORK", static one => one.Network),
            new("CONFIGURATION", static one => one.Configuration),
            new("SPACE", static one => one.Space),
            .. explanation.PoolsFrom is { } source
                ? (Column<Explanation>[])[new("POOLS", one => $"{string.Join(", ", one.Pools)} ({source})")]
                : [],
            .. explanation.Sticky is { } sticky ? (Column<Explanation>[])[new("STICKY", _ => sticky)] : [],
            new("HOLDS", static one => one.Subject.Held.Count == 0 ? "nothing" : string.Join(", ", one.Subject.Held.Select(static lease => lease.Address))),
            new("ADD NOW", static one => one.ErrorCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"error {code}: {one.Answer}") : one.Answer),
            .. explanation.Problems.Select(static problem => new Column<Explanation>("PROBLEM", _ => problem)),
        ];
        return new View<Explanation>(columns, columns, WriteFields);
    }

    private static void WriteFields(Explanation one, IFieldWriter fields)
    {
        fields.Text("pod", OrNull(one.Subject.Pod));
        fields.Text("containerId", OrNull(one.Subject.Container));
        fields.Text("node", OrNull(one.Subject.Node));
        fields.Text("network", OrNull(one.Network));
        fields.Text("configuration", OrNull(one.Configuration));
        fields.Text("space", OrNull(one.Space));
        fields.Texts("pools", one.Pools);
        fields.Text("poolsFrom", one.PoolsFrom);
        if (one.Sticky is { } sticky)
            fields.Text("sticky", sticky);
        fields.Objects("holds", one.Subject.Held, LeaseView.WriteFields);
        fields.Text("answer", one.Answer);
        fields.Text("errorCode", one.ErrorCode?.ToString(CultureInfo.InvariantCulture));
        fields.Texts("problems", one.Problems);
        fields.Objects("ranges", one.Rows, RangeRowView.WriteFields);
    }

    private static string? OrNull(string text) => text.Length > 0 ? text : null;
}
