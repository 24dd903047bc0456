namespace Ipam.Bench.Stores;

/// <summary>What is measured of the nodes under one policy; each figure is the median of the rounds.</summary>
/// <param name="name">The policy.</param>
/// <param name="configuration">The configuration's file.</param>
internal sealed class SharingFigures(string name, string configuration)
{
    private readonly List<double> _rates = [];
    private readonly List<double> _p99s = [];
    private readonly List<double> _conflicts = [];

    public string Name => name;

    public double Rate => Median(_rates);

    public double P99 => Median(_p99s);

    /// <summary>Conflicts, in per cent of the writes.</summary>
    public double Conflicts => Median(_conflicts);

    public void Measure(StoreNodes nodes, string prefix, int calls, int connections)
    {
        var (samples, before) = (new Samples(), nodes.Commits());
        _rates.Add(nodes.Load("add", configuration, prefix, calls, connections, samples));
        _p99s.Add(samples.P99);
        _conflicts.Add((nodes.Commits() - before).Share);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
