namespace Ipam.Core.Trends;

/// <summary>A growth that was alike in all quarters of a window of time. By their medians, which a burst or a gap doesn't move.</summary>
/// <param name="Window">How many steps the window has.</param>
/// <param name="Level">The count at its end.</param>
/// <param name="PerStep">By how much the count grows in a step.</param>
/// <param name="Error">How much that differs within the window.</param>
internal sealed record EvenGrowth(int Window, double Level, double PerStep, double Error)
{
    private const int Quarters = 4;

    /// <summary>How far a quarter's growth may be from that of the others.</summary>
    private const double Evenness = 0.4;

    /// <summary>How much of <see cref="Error"/> is but the scatter of the counts, of which each is taken to be by itself.</summary>
    public double Noise(double[] window)
    {
        var rest = window.Select((count, step) => count - PerStep * step).ToArray();
        var length = (double)Window / Quarters;
        return 1.2533 * Seasons.Scatter(rest) / Math.Sqrt(length) / length;
    }

    /// <summary>The growth of a window; null if it is uneven, no more than <paramref name="ordinary"/>, or nobody counted in a quarter.</summary>
    public static EvenGrowth? Of(double[] window, double ordinary) =>
        QuartersOf(window) is { } quarters && Math.Abs(quarters[^1] - quarters[0]) > ordinary && Of(window.Length, quarters) is var growth
            && Array.TrueForAll(StepsOf(quarters), step => Math.Abs(step / (window.Length / Quarters) - growth.PerStep) <= Evenness * Math.Abs(growth.PerStep))
            ? growth : null;

    /// <summary>The growth of a window, even or not; null if nobody counted in a quarter.</summary>
    public static EvenGrowth? OfAny(double[] window) => QuartersOf(window) is { } quarters ? Of(window.Length, quarters) : null;

    /// <summary>The medians of a window's quarters; null if nobody counted in one of them.</summary>
    public static double[]? QuartersOf(double[] window)
    {
        var quarters = window.Chunk(window.Length / Quarters).Select(Seasons.Median).ToArray();
        return Array.TrueForAll(quarters, double.IsFinite) ? quarters : null;
    }

    private static EvenGrowth Of(int window, double[] quarters)
    {
        var (steps, length) = (StepsOf(quarters), window / Quarters);
        return new EvenGrowth(window, quarters[^1] + steps.Average() / 2, steps.Average() / length, (steps.Max() - steps.Min()) / 2 / length);
    }

    private static double[] StepsOf(double[] quarters) => [.. quarters.Zip(quarters.Skip(1), static (before, after) => after - before)];
}
