using System.Globalization;

namespace Ipam.Service.Metrics;

/// <summary>Counts observations in buckets, as Prometheus wants them. Safe for use by several threads at once.</summary>
internal sealed class Histogram(double[] upperBounds)
{
    /// <summary>From 50 µs to 10 s: a request that is served from a warm store up to one that waits for a sick one.</summary>
    public static readonly double[] Seconds =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>From 1 to 512, the most requests of one commit.</summary>
    public static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly long[] _counts = new long[upperBounds.Length + 1];
    private readonly Lock _lock = new();
    private double _sum;

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(upperBounds, value);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
        }
    }

    /// <summary>Appends the samples of this histogram.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="labels">Labels without braces; may be empty.</param>
    public void Write(PrometheusText text, string name, string labels)
    {
        var separator = labels.Length > 0 ? "," : "";
        lock (_lock)
        {
            long total = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                total += _counts[i];
                var bound = i < upperBounds.Length ? upperBounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Sample($"{name}_bucket", $"{labels}{separator}le=\"{bound}\"", total);
            }
            text.Sample($"{name}_sum", labels, _sum);
            text.Sample($"{name}_count", labels, total);
        }
    }
}
