using Ipam.Bench.Stores;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Neighbours;

/// <summary>
/// What a pool costs those who ask for addresses of another one: the p99 of ADDs from pool B alone, and while pool A is full and hammered, or fought for by all
/// nodes. Both are measured in turns on the same nodes.
/// </summary>
internal static class NeighboursBenchmark
{
    private const int Nodes = 8;
    private const int Rounds = 5;
    private const int Calls = 400;
    private const int Callers = 64;

    public static void Run(string[] kinds)
    {
        foreach (var kind in StoreKinds.Of(kinds, "sqlite", "redis", "kubernetes"))
            Measure(kind);
    }

    private static void Measure(string kind)
    {
        using var nodes = new StoreNodes(kind, Nodes);
        var quiet = nodes.Configuration("quiet.conf", """ "subnet": "10.0.0.0/12", "affinity": "node" """);
        var full = nodes.Configuration("full.conf", """ "subnet": "10.64.0.0/30", "space": "full" """);
        var contended = nodes.Configuration("contended.conf", """ "subnet": "10.128.0.0/10", "space": "contended", "affinity": "none" """);
        Sample(nodes, quiet, "warm", new Samples());

        var (alone, besideFull, besideContended) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            Sample(nodes, quiet, $"alone{round}-", alone);
            using (new Hammer(nodes.Sockets[..1], full, $"f{round}-", Callers))
                Sample(nodes, quiet, $"full{round}-", besideFull);
            using (new Hammer(nodes.Sockets, contended, $"c{round}-", Callers))
                Sample(nodes, quiet, $"contended{round}-", besideContended);
        }
        Head($"{kind}: p99 of an ADD, ms", "p99", "ratio");
        Row("alone", Number(alone.P99));
        Row($"beside a full pool, {Callers} callers", Number(besideFull.P99), Number(besideFull.P99 / alone.P99));
        Row($"beside a pool without affinity, {Nodes} nodes", Number(besideContended.P99), Number(besideContended.P99 / alone.P99));
    }

    /// <summary>ADDs, one after the other, on the first node.</summary>
    private static void Sample(StoreNodes nodes, string configuration, string prefix, Samples samples)
    {
        using var connection = new LoadConnection(nodes.Sockets[0], File.ReadAllBytes(configuration));
        for (var i = 0; i < Calls; i++)
            samples.Add(connection.Call("add", $"{prefix}{i}"));
    }
}
