namespace Ipam.Bench;

/// <summary>Durations of repeated runs.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan elapsed)
    {
        lock (_milliseconds)
            _milliseconds.Add(elapsed.TotalMilliseconds);
    }

    public double P50 => Percentile(0.50);

    public double P99 => Percentile(0.99);

    private double Percentile(double share)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }
}
