using Ipam.Bench.Stores;
using static Ipam.Bench.Table;

namespace Ipam.Bench.History;

/// <summary>What it costs to keep which leases there were, and how soon "who held this address then" is answered.</summary>
internal static class HistoryBenchmark
{
    private const int Rounds = 9;
    private const int Calls = 12_000;
    private const int Filled = 50_000;
    private const int Events = 10_000_000;

    /// <param name="arguments">The stores, none for all; and how many events, if not ten million.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var events = arguments.Select(static one => int.TryParse(one, out var number) ? number : 0).Append(0).Max();
        foreach (var kind in StoreKinds.Of([.. arguments.Where(static one => !int.TryParse(one, out _))], "sqlite", "redis"))
        {
            MeasureCost(kind, 0);
            MeasureCost(kind, Filled);
            await MeasureAnswersAsync(kind, events > 0 ? events : Events);
        }
    }

    private static void MeasureCost(string kind, int leases)
    {
        using var without = new StoreNodes(kind, 1, "--history", "off");
        using var with = new StoreNodes(kind, 1);
        foreach (var nodes in (StoreNodes[])[without, with])
        {
            StoreFigures.WarmUp(nodes, Calls);
            if (leases > 0)
                nodes.Load("add", "filled", leases);
        }
        StoreFigures.Compare($"{kind}, {leases:N0} leases", (without, "no history"), (with, "a history"), Calls, Rounds);
    }

    private static async Task MeasureAnswersAsync(string kind, int events)
    {
        await using var past = await PastLeases.MakeAsync(kind, events);
        var (inProcess, byProgram) = (await past.AskAsync(), past.AskProgram());
        Head($"{kind}, {past.Events:N0} events of {PastLeases.Addresses:N0} addresses", "");
        Row("room for an event, bytes", Number(past.BytesOfEvent, "0.0"));
        Row("who held an address then, p50, ms", Number(inProcess.P50));
        Row("p99, ms", Number(inProcess.P99));
        Row("ipamctl history ADDRESS --at TIME, p50, ms", Number(byProgram.P50, "0"));
    }
}
