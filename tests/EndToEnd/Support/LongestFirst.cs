using EndToEnd.Leaks;
using EndToEnd.Loss;
using EndToEnd.Nodes;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("EndToEnd.Support.LongestFirst", "EndToEnd")]

namespace EndToEnd.Support;

/// <summary>Starts with the classes that take longest, so that others run beside them to their end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(KubernetesLossTests), typeof(RedisLossTests), typeof(LeakTests), typeof(NodeNameTests), typeof(SqliteLossTests), typeof(NodeCollectionTests), typeof(PoolLossTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Rank);

    // A class that names no collection is one of its own, which is called after it.
    private static int Rank(ITestCollection collection)
    {
        var rank = Array.FindIndex(Longest, type => collection.DisplayName.EndsWith($" {type.FullName}", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
