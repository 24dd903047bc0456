using Ipam.Bench.Stores;

namespace Ipam.Bench.Collection;

/// <summary>What it costs to find leaks: a node that judges its own leases, and a leader that judges those of nodes that are gone.</summary>
internal static class CollectionBenchmark
{
    private const string Node = "node";

    /// <param name="parts">The stores of the leader, and <c>node</c> for a node; none for all.</param>
    public static async Task RunAsync(string[] parts)
    {
        if (parts.Length == 0 || parts.Contains(Node))
            await JudgingNode.MeasureAsync();
        foreach (var kind in parts is [Node] ? [] : StoreKinds.Of([.. parts.Where(static part => part != Node)], "sqlite", "redis", "kubernetes"))
            await LeaderPasses.MeasureAsync(kind);
    }
}
