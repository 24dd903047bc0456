using static Ipam.Bench.Table;

namespace Ipam.Bench.Stores;

/// <summary>The stores beside each other: one node and eight of them, without leases and with many.</summary>
internal static class StoresBenchmark
{
    private static readonly string[] All = ["sqlite", "redis", "kubernetes"];

    public static void Run(string[] kinds)
    {
        foreach (var kind in kinds.Length > 0 ? kinds : All)
        {
            if (kind == "kubernetes" && Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is null)
            {
                Console.WriteLine("\nkubernetes: left out, as KUBEBUILDER_ASSETS is not set");
                continue;
            }
            Head(kind, "1 node", "8 nodes");
            var (one, eight) = (Measure(kind, 1), Measure(kind, 8));
            foreach (var (name, value) in one.Figures)
                Row(name, Number(value), eight.Figures.TryGetValue(name, out var other) ? Number(other) : "");
            foreach (var (name, value) in eight.Figures.Where(figure => !one.Figures.ContainsKey(figure.Key)))
                Row(name, "", Number(value));
        }
    }

    private static NodesBenchmark Measure(string kind, int nodes)
    {
        using var store = SharedStore.Start(kind);
        using var benchmark = new NodesBenchmark(kind, store, nodes);
        benchmark.Run();
        return benchmark;
    }
}
