namespace Ipam.Core.Trends;

/// <summary>
/// What a count by the hour is made of: a steady growth, a swing that repeats itself every day or week, and the rest. All by medians, which a burst or a gap doesn't
/// move. (The slope is a seasonal Kendall slope: Hirsch, Slack and Smith, 1982.)
/// </summary>
internal sealed class Seasons
{
    public const int Day = 24;
    public const int Week = 7 * Day;

    /// <summary>For so many parts of the history the growth is looked at by itself, to see whether it is the same.</summary>
    private const int Parts = 4;

    private readonly double[] _counts;

    /// <summary>Takes counts apart.</summary>
    /// <param name="counts">By the hour; not a number where nobody counted.</param>
    /// <param name="period">After how many hours the swing repeats itself. There must be more counts than that.</param>
    public Seasons(double[] counts, int period)
    {
        (_counts, Period) = (counts, period);
        var growths = Enumerable.Range(period, counts.Length - period).Select(hour => (counts[hour] - counts[hour - period]) / period).ToArray();
        Growth = Median(growths);
        var parts = growths.Chunk((growths.Length + Parts - 1) / Parts).Select(Median).Where(double.IsFinite).ToArray();
        // Addresses are counted in whole ones.
        GrowthError = parts.Length == 0 ? double.NaN : Math.Max((parts.Max() - parts.Min()) / 2, 0.5 / period);
        Swing = [.. Enumerable.Range(0, period).Select(phase => Median(Phase(phase)))];
        Rest = [.. counts.Select((count, hour) => count - At(hour))];
    }

    public int Period { get; }

    /// <summary>By how much the count grows in an hour.</summary>
    public double Growth { get; }

    /// <summary>How much more or less that is in parts of the history.</summary>
    public double GrowthError { get; }

    /// <summary>For each hour of the period the count that it would have now.</summary>
    public double[] Swing { get; }

    /// <summary>What the counts were above that.</summary>
    public double[] Rest { get; }

    /// <summary>The hour from which on it goes on: the first behind the counts.</summary>
    public int Now => _counts.Length;

    /// <summary>What growth and swing make of an hour.</summary>
    public double At(int hour) => Growth * (hour - Now) + Swing[hour % Period];

    /// <summary>The same at a moment within an hour: what is said of an hour is true in its middle.</summary>
    public double Between(double hour)
    {
        var before = (int)Math.Floor(hour - 0.5);
        return At(before) + (At(before + 1) - At(before)) * (hour - 0.5 - before);
    }

    /// <summary>What the counts were but for the swing.</summary>
    public double[] WithoutSwing => [.. Rest.Select((rest, hour) => rest + Growth * (hour - Now))];

    /// <summary>How far the count goes up and down in a day.</summary>
    public double DailySwing => Spread(hour => hour % Day, Day);

    /// <summary>How far a day's count goes up and down in a week; 0 if only days were looked at.</summary>
    public double WeeklySwing => Period == Week ? Spread(static hour => hour / Day, Week / Day) : 0;

    /// <summary>The median of those that are numbers; not a number if there are none.</summary>
    public static double Median(IEnumerable<double> numbers) => Quantile(numbers, 0.5);

    /// <summary>A quantile of those that are numbers; not a number if there are none.</summary>
    public static double Quantile(IEnumerable<double> numbers, double share)
    {
        var sorted = numbers.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
            return double.NaN;
        var at = share * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)]);
        return below + (above - below) * (at - Math.Floor(at));
    }

    /// <summary>How far numbers usually are from their median, as a standard deviation; at least half an address.</summary>
    public static double Scatter(double[] numbers)
    {
        var median = Median(numbers);
        return Math.Max(0.5, 1.4826 * Median(numbers.Select(number => Math.Abs(number - median))));
    }

    private IEnumerable<double> Phase(int phase)
    {
        for (var hour = phase; hour < _counts.Length; hour += Period)
            yield return _counts[hour] - Growth * (hour - Now);
    }

    private double Spread(Func<int, int> of, int groups)
    {
        var means = Enumerable.Range(0, Period).GroupBy(of).Select(group => group.Select(hour => Swing[hour]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())
            .Where(double.IsFinite).ToArray();
        return means.Length < groups ? 0 : means.Max() - means.Min();
    }
}
