using Ipam.Bench.Collection;
using Ipam.Bench.Stores;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Admin;

/// <summary>How long an admin waits for ipamctl: for its start beside that of a program that does nothing, and for 50,000 leases of each store.</summary>
internal static class AdminBenchmark
{
    /// <summary>The argument with which this program does nothing.</summary>
    public const string Nothing = "nothing";

    private const int Starts = 20;
    private const int Lists = 5;

    /// <param name="kinds">The stores; none for all.</param>
    public static async Task RunAsync(string[] kinds)
    {
        foreach (var kind in StoreKinds.Of(kinds, "sqlite", "redis", "kubernetes"))
        {
            await using var crowd = await CrowdedStore.StartAsync(kind);
            MeasureStarts(kind, crowd.Url);
            MeasureLists(kind, crowd.Url);
        }
    }

    /// <summary>In turns, so that what else the machine does meets all of them.</summary>
    private static void MeasureStarts(string kind, string url)
    {
        (string Name, AdminCall Call, Samples Samples)[] rows =
        [
            ("dotnet, doing nothing", new AdminCall("dotnet", [typeof(AdminBenchmark).Assembly.Location, Nothing]), new Samples()),
            ("ipamctl --help", new AdminCall(AdminCall.Program, ["--help"]), new Samples()),
            ("ipamctl lease show ADDRESS", new AdminCall(AdminCall.Program, ["lease", "show", "10.0.0.1", "--store", url]), new Samples()),
        ];
        for (var i = 0; i < Starts; i++)
        {
            foreach (var (_, call, samples) in rows)
                samples.Add(call.Run().All);
        }
        Head($"{kind}: ipamctl from its start to its end", "p50, ms", "ratio");
        foreach (var (name, _, samples) in rows)
            Row(name, Number(samples.P50, "0"), Number(samples.P50 / rows[0].Samples.P50));
    }

    private static void MeasureLists(string kind, string url)
    {
        Head($"{kind}: {CrowdedStore.Nodes * CrowdedStore.LeasesOfEach:N0} leases", "first line, ms", "all, ms", "memory, MiB");
        foreach (var format in (string[])["jsonl", "csv", "name", "table"])
        {
            var call = new AdminCall(AdminCall.Program, ["lease", "list", "-o", format, "--store", url]);
            var (first, all, memory) = (new Samples(), new Samples(), 0.0);
            for (var i = 0; i < Lists; i++)
            {
                var run = call.Run();
                if (run.Lines < CrowdedStore.Nodes * CrowdedStore.LeasesOfEach)
                    throw new InvalidOperationException($"'lease list -o {format}' printed {run.Lines} lines");
                first.Add(run.First);
                all.Add(run.All);
                memory = Math.Max(memory, run.PeakMiB);
            }
            Row($"lease list -o {format}", Number(first.P50, "0"), Number(all.P50, "0"), Number(memory, "0"));
        }
    }
}
