using System.Diagnostics;
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

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    /// <summary>How often a node asks for the revision of the pools at most, as ipamd does.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private static readonly string[] All = ["redis", "kubernetes"];

    public static async Task RunAsync(string[] kinds)
    {
        foreach (var kind in kinds.Length > 0 ? kinds : All)
        {
            if (kind == "kubernetes" && Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is null)
            {
                Console.WriteLine("\nkubernetes: left out, as KUBEBUILDER_ASSETS is not set");
                continue;
            }
            await MeasureAsync(kind);
        }
    }

    private static async Task MeasureAsync(string kind)
    {
        using var store = SharedStore.Start(kind);
        // As a cluster has it: the tests' store wants to be told more often who lives.
        var url = store.Url.Split('?')[0];
        var nodes = new ScaleNode[Nodes];
        Head($"{kind}, {Nodes:N0} nodes in one process", "");
        var start = Stopwatch.GetTimestamp();
        await System.Threading.Tasks.Parallel.ForAsync(0, Nodes, new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce }, async (i, _) => nodes[i] = await ScaleNode.StartAsync(url, i));
        Row("all are ready, s", Number(Stopwatch.GetElapsedTime(start).TotalSeconds));

        await MeasureIdleAsync(store, kind == "redis" ? "redis-server" : "kube-apiserver");
        Row("a new pool is known to all, s", Number((await MakePoolAsync(nodes)).TotalSeconds));
        for (var burst = 1; burst <= 2; burst++)
            await AddAsync(nodes, burst);

        await System.Threading.Tasks.Parallel.ForEachAsync(nodes, async (node, _) => await node.DisposeAsync());
    }

    private static async Task MeasureIdleAsync(SharedStore store, string program)
    {
        var (calls, seconds) = (store.Calls(), store.ProcessorSeconds(program));
        await Task.Delay(Idle);
        Row("idle: calls a minute of a node", Number((store.Calls() - calls) / Nodes / Idle.TotalMinutes));
        Row($"idle: {program}, % of a processor", Number(100 * (store.ProcessorSeconds(program) - seconds) / Idle.TotalSeconds));
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
        var (samples, start) = (new Samples(), Stopwatch.GetTimestamp());
        await Task.WhenAll(nodes.Select(async node => samples.Add(await node.AddAsync($"burst-{burst}"))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        Row($"{Nodes:N0} ADDs at once{(burst == 1 ? "" : ", once more")}: all, s", Number(elapsed.TotalSeconds));
        Row($"{Nodes:N0} ADDs at once{(burst == 1 ? "" : ", once more")}: p50, ms", Number(samples.P50));
    }
}
