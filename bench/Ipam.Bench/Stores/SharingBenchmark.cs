using static Ipam.Bench.Table;

namespace Ipam.Bench.Stores;

/// <summary>
/// Eight nodes that all want the same addresses: no block is anybody's, and few callers are at work, so that hardly any commit carries more than two requests. Beside
/// it the same callers on blocks of the nodes' own. All are measured in turns on the same nodes.
/// </summary>
internal static class SharingBenchmark
{
    private const int Nodes = 8;
    private const int Rounds = 3;
    private const int WarmUpCalls = 3_000;
    private const int Connections = 16;

    private static readonly (string Name, string Keys)[] Policies =
    [
        ("affinity node", "\"affinity\": \"node\""),
        ("affinity none", "\"affinity\": \"none\""),
        ("affinity none, order lowest", "\"affinity\": \"none\", \"order\": \"lowest\""),
    ];

    public static void Run(string[] kinds)
    {
        foreach (var kind in StoreKinds.Of(kinds, "sqlite", "redis", "kubernetes"))
        {
            using var nodes = new StoreNodes(kind, Nodes);
            nodes.Load("add", "warm", WarmUpCalls);
            nodes.Load("del", "warm", WarmUpCalls);
            Measure(kind, nodes);
        }
    }

    /// <summary>Measures nodes that have worked for a while.</summary>
    public static void Measure(string kind, StoreNodes nodes)
    {
        // An API server is slower; it has as much time.
        var calls = kind == "kubernetes" ? 600 : 2_000;
        var figures = Policies.Select((policy, i) => new SharingFigures(
            policy.Name, nodes.Configuration($"sharing{i}.conf", $"\"subnet\": \"10.0.0.0/8\", \"space\": \"sharing{i}\", {policy.Keys}"))).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var policy in figures)
                policy.Measure(nodes, $"r{round}-", calls, Connections);
        }
        Head($"{kind}, {nodes.Sockets.Length} nodes, {Connections} at once", "ADDs/s", "p99, ms", "conflicts, %");
        foreach (var policy in figures)
            Row(policy.Name, Number(policy.Rate), Number(policy.P99), Number(policy.Conflicts));
    }
}
