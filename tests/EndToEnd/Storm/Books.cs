using System.Collections.Concurrent;

namespace EndToEnd.Storm;

/// <summary>What is counted during a storm. Safe for use by several threads at once.</summary>
internal sealed class Books
{
    private readonly ConcurrentDictionary<OperationKind, int> _operations = new();
    private readonly ConcurrentDictionary<FaultKind, int> _faults = new();
    private double _conflicts;
    private double _writes;

    public void Count(OperationKind kind) => _operations.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    public void Count(FaultKind kind) => _faults.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    /// <summary>Adds what an ipamd has counted since its start; once, before it ends.</summary>
    public async Task ReadMetricsAsync(Node node)
    {
        var conflicts = await node.MetricAsync("ipamsuite_commit_conflicts_total");
        var writes = await node.MetricAsync("ipamsuite_commit_blocks_sum");
        lock (_operations)
            (_conflicts, _writes) = (_conflicts + conflicts, _writes + writes);
    }

    /// <summary>Calls that were answered.</summary>
    public int Answered => _operations.Where(static pair => pair.Key != OperationKind.Unanswered).Sum(static pair => pair.Value);

    public int Faults => _faults.Values.Sum();

    /// <summary>The summary, in lines.</summary>
    public string Text(TimeSpan elapsed) =>
        $"""
        calls answered: {Answered} in {elapsed.TotalSeconds:0} s ({List(_operations)})
        faults: {Faults} ({List(_faults)})
        blocks written: {_writes:0}, conflicts: {_conflicts:0} ({100 * _conflicts / Math.Max(1, _writes):0.00} %)
        """;

    private static string List<T>(IEnumerable<KeyValuePair<T, int>> counts)
        where T : struct, Enum =>
        string.Join(", ", counts.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}"));
}
