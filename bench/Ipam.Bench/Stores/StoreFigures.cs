using static Ipam.Bench.Table;

namespace Ipam.Bench.Stores;

/// <summary>What is measured of some nodes, in rounds. What a round adds is gone behind it.</summary>
/// <param name="nodes">They hold as many leases as they are to be measured with.</param>
/// <param name="calls">Calls of a round at saturation.</param>
internal sealed class StoreFigures(StoreNodes nodes, int calls)
{
    private const int Sequential = 50;

    private readonly Samples _processes = new();
    private readonly List<double> _rates = [];
    private readonly List<Operations> _inSequence = [];
    private readonly List<Operations> _atSaturation = [];
    private readonly List<double> _conflicts = [];

    /// <summary>What was measured, in the order in which it is to be shown.</summary>
    public IEnumerable<(string Name, double Value)> All =>
    [
        ("process ADD p50, ms", _processes.P50),
        ("process ADD p99, ms", _processes.P99),
        ("ADDs/s at saturation", Median(_rates)),
        .. Counts("in sequence", _inSequence, Sequential),
        .. Counts("at saturation", _atSaturation, calls),
        ("conflicts, % of writes", Median(_conflicts)),
    ];

    /// <summary>A service that has just started compiles what it runs; it is to be measured as it is after a while.</summary>
    public static void WarmUp(StoreNodes nodes, int calls)
    {
        for (var round = 0; round < 3; round++)
        {
            nodes.Load("add", "warm", calls);
            nodes.Load("del", "warm", calls);
        }
        new StoreFigures(nodes, calls).AddRound();
    }

    /// <summary>Measures some nodes beside others, in turns, so that what else the machine does meets both, and shows the figures and their ratios.</summary>
    /// <param name="title">What is measured.</param>
    /// <param name="left">The first nodes, and what they are called.</param>
    /// <param name="right">Those that are compared with them.</param>
    /// <param name="calls">Calls of a round at saturation.</param>
    /// <param name="rounds">How many rounds.</param>
    public static void Compare(string title, (StoreNodes Nodes, string Name) left, (StoreNodes Nodes, string Name) right, int calls, int rounds)
    {
        var (before, after) = (new StoreFigures(left.Nodes, calls), new StoreFigures(right.Nodes, calls));
        for (var round = 0; round < rounds; round++)
        {
            before.AddRound();
            after.AddRound();
        }
        Head(title, left.Name, right.Name, "ratio");
        foreach (var ((name, first), (_, second)) in before.All.Zip(after.All))
            Row(name, Number(first), Number(second), first > 0 ? Number(second / first) : "");
    }

    public void AddRound()
    {
        CallInSequence();
        CallAtSaturation();
    }

    private void CallInSequence()
    {
        nodes.Call("ADD", "first");
        var before = nodes.Operations();
        for (var i = 0; i < Sequential; i++)
            _processes.Add(nodes.Call("ADD", $"p{i}"));
        if (nodes.Operations() - before is { } made)
            _inSequence.Add(made);
        nodes.Call("DEL", "first");
        for (var i = 0; i < Sequential; i++)
            nodes.Call("DEL", $"p{i}");
    }

    private void CallAtSaturation()
    {
        var (before, commits) = (nodes.Operations(), nodes.Commits());
        _rates.Add(nodes.Load("add", "s", calls));
        if (nodes.Operations() - before is { } made)
            _atSaturation.Add(made);
        _conflicts.Add((nodes.Commits() - commits).Share);
        nodes.Load("del", "s", calls);
    }

    private static IEnumerable<(string Name, double Value)> Counts(string when, List<Operations> rounds, int calls) => rounds.Count == 0
        ? []
        : [
            ($"{when}, writes per ADD", Median(rounds.ConvertAll(static round => round.Writes)) / calls),
            ($"{when}, reads per ADD", Median(rounds.ConvertAll(static round => round.Reads)) / calls),
        ];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
