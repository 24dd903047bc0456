using System.Diagnostics;
using System.Globalization;
using Ipam.Bench.Stores;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Scale;

/// <summary>
/// A thousand nodes on one store, all in this process: what the server is asked while nothing happens, how soon all know a pool that was made, and what it is like when each
/// of them starts a container at the same moment.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Nodes = 1_000;
    private const int StartsAtOnce = 32;

    /// <summary>In its first minutes a node looks more often who else there is.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(8);

    /// <summary>So long that all is in it that a node does now and then.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>How often a node asks for the revision of the pools at most, as ipamd does.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    /// <param name="arguments">The stores; a number stands for how many minutes the nodes are to be idle instead, without settling before.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var numbers = arguments.Where(static argument => int.TryParse(argument, out _)).ToArray();
        var (settling, idle) = numbers is [var minutes, ..] ? (TimeSpan.Zero, TimeSpan.FromMinutes(int.Parse(minutes, CultureInfo.InvariantCulture))) : (Settling, Idle);
        var kinds = arguments.Except(numbers).ToArray();
        foreach (var kind in StoreKinds.Of(kinds, "redis", "kubernetes"))
            await MeasureAsync(kind, settling, idle);
    }

    private static async Task MeasureAsync(string kind, TimeSpan settling, TimeSpan idle)
    {
        using var store = SharedStore.Start(kind);
        // As a cluster has it: the tests' store wants to be told more often who lives.
        var url = store.Url.Split('?')[0];
        var nodes = new ScaleNode[Nodes];
        Head($"{kind}, {Nodes:N0} nodes in one process", "");
        var start = Stopwatch.GetTimestamp();
        await System.Threading.Tasks.Parallel.ForAsync(0, Nodes, new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce }, async (i, _) => nodes[i] = await ScaleNode.StartAsync(url, i));
        Row("all are ready, s", Number(Stopwatch.GetElapsedTime(start).TotalSeconds));

        await Task.Delay(settling);
        await MeasureIdleAsync(store, kind == "redis" ? "redis-server" : "kube-apiserver", idle);
        Row("a new pool is known to all, s", Number((await MakePoolAsync(nodes)).TotalSeconds));
        for (var burst = 1; burst <= 2; burst++)
            await AddAsync(nodes, burst);

        await System.Threading.Tasks.Parallel.ForEachAsync(nodes, async (node, _) => await node.DisposeAsync());
    }

    private static async Task MeasureIdleAsync(SharedStore store, string program, TimeSpan idle)
    {
        var (before, seconds) = (store.Calls(), store.ProcessorSeconds(program));
        await Task.Delay(idle);
        var calls = store.Calls().ToDictionary(static call => call.Key, call => (call.Value - before.GetValueOrDefault(call.Key)) / Nodes / idle.TotalMinutes);
        Row("idle: calls a minute of a node", Number(calls.Values.Sum()));
        foreach (var (name, count) in calls.Where(static call => call.Value >= 0.01).OrderByDescending(static call => call.Value))
            Row($"  {name}", Number(count));
        Row($"idle: {program}, % of a processor", Number(100 * (store.ProcessorSeconds(program) - seconds) / idle.TotalSeconds));
    }

    /// <summary>How long it takes until the last node knows, if each asks as often as it may.</summary>
    private static async Task<TimeSpan> MakePoolAsync(ScaleNode[] nodes)
    {
        var before = await nodes[0].Pools.ReadRevisionAsync(default);
        var start = Stopwatch.GetTimestamp();
        await nodes[0].Pools.PutAsync(new Pool { Name = "new", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.128.0.0/16") }] }, default);
        await Task.WhenAll(nodes.Select(async node =>
        {
            while (await node.Pools.ReadRevisionAsync(default) == before)
                await Task.Delay(AskEvery);
        }));
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task AddAsync(ScaleNode[] nodes, int burst)
    {
        var start = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(nodes.Select(node => node.AddAsync($"burst-{burst}")));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var samples = new Samples();
        foreach (var one in took.OfType<TimeSpan>())
            samples.Add(one);
        var title = $"{Nodes:N0} ADDs at once{(burst == 1 ? "" : ", once more")}";
        Row($"{title}: all, s", Number(elapsed.TotalSeconds));
        Row($"{title}: p50, ms", Number(samples.P50));
        Row($"{title}: not in time", Number(took.Count(static one => one is null), "0"));
    }
}
