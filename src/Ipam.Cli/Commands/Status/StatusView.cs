using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Status;

/// <summary>How a store's overview is shown: a line for each problem. Titles, keys and their order are a contract with scripts.</summary>
internal static class StatusView
{
    public static View<StoreOverview> Of(StoreOverview overview)
    {
        Column<StoreOverview>[] columns =
        [
            new("STORE", static store => store.Standing.Description),
            new("IDENTITY", static store => store.Standing.Past.Identity),
            new("LEADER", static store => store.Leader?.Holder ?? ""),
            new("NODES", static store => Some(store.Standing.Nodes.Select(static node => node.Node))),
            new("STOPPED", static store => Some(store.Standing.Stopped)),
            new("HELD", static store => Number(store.Held)),
            new("BLOCKS", static store => Number(store.Blocks)),
            new("POOLS", static store => Number(store.Pools)),
            new("IPAMCTL", static _ => ProgramVersion.Text),
            .. overview.Problems.Count == 0
                ? [new Column<StoreOverview>("PROBLEMS", static _ => "none")]
                : overview.Problems.Select(static problem => new Column<StoreOverview>("PROBLEM", _ => problem)),
        ];
        return new View<StoreOverview>(columns, columns, WriteFields);
    }

    private static string Some(IEnumerable<string> nodes) =>
        nodes.ToList() is { Count: > 0 } all ? $"{all.Count} ({FewOf.These(all)})" : Number(0);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void WriteFields(StoreOverview store, IFieldWriter fields)
    {
        fields.Text("store", store.Standing.Description);
        fields.Text("identity", store.Standing.Past.Identity);
        fields.Text("leader", store.Leader?.Holder);
        fields.Texts("nodes", store.Standing.Nodes.Select(static node => node.Node));
        fields.Texts("stopped", store.Standing.Stopped);
        fields.Number("held", store.Held);
        fields.Number("blocks", store.Blocks);
        fields.Number("pools", store.Pools);
        fields.Text("ipamctl", ProgramVersion.Text);
        fields.Texts("problems", store.Problems);
    }
}
