using System.Diagnostics;
using Ipam.Bench.Stores;
using Ipam.Core.GarbageCollection;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Collection;

/// <summary>What a leader's pass over 50,000 leases of 1,000 nodes takes, what it asks the store's server for, and what it costs those who ask for addresses meanwhile.</summary>
internal sealed class LeaderPasses(CrowdedStore crowd)
{
    private const int Passes = 5;
    private const int Rounds = 5;
    private const int Calls = 400;

    private readonly JumpingTime _time = new();

    public static async Task MeasureAsync(string kind)
    {
        await using var crowd = await CrowdedStore.StartAsync(kind);
        Head($"{kind}: a leader's pass over {CrowdedStore.Nodes * CrowdedStore.LeasesOfEach:N0} leases of {CrowdedStore.Nodes:N0} nodes", "ms", "requests");
        await new LeaderPasses(crowd).MeasurePassesAsync();
        await new LeaderPasses(crowd).MeasureAddsAsync(kind);
    }

    private LeakCollector Collector() =>
        new(crowd.Store, PassingLeader.Options(crowd.Store), _time, new Random(1));

    private async Task MeasurePassesAsync()
    {
        var collector = Collector();
        await PassingLeader.PassAsync(collector);
        await RowAsync("all nodes report", collector, Passes);
        // So long that only those that renew their entries count as there.
        _time.Jump(collector.Watch);
        await crowd.RenewAsync();
        await RowAsync("a node is gone", collector, Passes);
        _time.Jump(new CollectorOptions { By = "" }.Grace);
        await crowd.RenewAsync();
        var released = await RowAsync($"its {CrowdedStore.LeasesOfEach} leases are released", collector, 1);
        if (released.Released.Count != CrowdedStore.LeasesOfEach)
            throw new InvalidOperationException($"{released.Released.Count} leases were released: {string.Join(", ", released.Refusals.Select(static refusal => refusal.Why).Concat(released.Failures))}");
    }

    /// <summary>ADDs on a node, alone and beside passes that follow each other without a pause, in turns.</summary>
    private async Task MeasureAddsAsync(string kind)
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-gc-{Environment.ProcessId}").FullName;
        try
        {
            using var leader = PassingLeader.Start(crowd.Url);
            using var node = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder, crowd.Url);
            var configuration = Path.Combine(folder, "ipam.conf");
            await File.WriteAllTextAsync(configuration, $$"""
                {"cniVersion":"1.0.0","name":"bench","type":"bench",
                "ipam":{"type":"ipam","socket":"{{node.Socket}}","spool":"{{folder}}/spool","subnet":"10.128.0.0/12","space":"adds"} }
                """);
            Sample(node, configuration, "warm", new Samples());
            var (alone, beside) = (new Samples(), new Samples());
            for (var round = 0; round < Rounds; round++)
            {
                Sample(node, configuration, $"alone{round}-", alone);
                leader.Turn();
                Sample(node, configuration, $"beside{round}-", beside);
                leader.Turn();
            }
            Head($"{kind}: an ADD beside such passes, which follow each other without a pause", "p50, ms", "p99, ms");
            Row("alone", Number(alone.P50), Number(alone.P99));
            Row("beside passes", Number(beside.P50), Number(beside.P99));
            Row("ratio", Number(beside.P50 / alone.P50), Number(beside.P99 / alone.P99));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<CollectionReport> RowAsync(string title, LeakCollector collector, int passes)
    {
        var (samples, before) = (new Samples(), crowd.Requests);
        CollectionReport last = new();
        for (var pass = 0; pass < passes; pass++)
        {
            var start = Stopwatch.GetTimestamp();
            last = await PassingLeader.PassAsync(collector);
            samples.Add(Stopwatch.GetElapsedTime(start));
        }
        Row(title, Number(samples.P50, "0"), crowd.Requests is { } after ? Number((after - before!.Value) / passes, "0") : "none");
        return last;
    }

    private static void Sample(Ipamd node, string configuration, string prefix, Samples samples)
    {
        using var connection = new LoadConnection(node.Socket, File.ReadAllBytes(configuration));
        for (var i = 0; i < Calls; i++)
            samples.Add(connection.Call("add", $"{prefix}{i}"));
    }
}
