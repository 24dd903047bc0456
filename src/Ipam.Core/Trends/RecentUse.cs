namespace Ipam.Core.Trends;

/// <summary>
/// What the last hours and days did beside growth and swing (<see cref="Seasons"/>): whether the use began to grow in another way, moved to another level, or does
/// something that can't be told yet.
/// </summary>
internal sealed class RecentUse
{
    /// <summary>Of the windows of so many hours the longest that shows an even growth counts.</summary>
    private static readonly int[] Windows = [168, 72, 48, 24, 16, LevelHours];

    private const int Quarters = 4;

    /// <summary>The hours whose level is the present one.</summary>
    private const int LevelHours = 8;

    /// <summary>So many times the usual scatter is no scatter any more.</summary>
    private const double Clearly = 5;

    /// <summary>How far a quarter's growth may be from that of the others.</summary>
    private const double Evenness = 0.4;

    private readonly double[] _rest;
    private readonly int _window = LevelHours;

    public RecentUse(Seasons seasons)
    {
        _rest = seasons.Rest;
        foreach (var window in Windows.Where(window => window <= _rest.Length / 2))
        {
            if (QuartersOf(window) is not { } quarters || !IsEvenGrowth(quarters, ScatterBefore(window), out var growth, out var error))
                continue;
            _window = window;
            (Growth, GrowthError) = (growth * Quarters / window, error * Quarters / window);
            Level = quarters[^1] + growth / 2;
            return;
        }
        Level = Seasons.Median(_rest.TakeLast(LevelHours));
        var scatter = ScatterBefore(LevelHours);
        var ordinary = Math.Max(Clearly * scatter, _rest.SkipLast(LevelHours).Where(double.IsFinite).DefaultIfEmpty(0).Max(Math.Abs));
        var isLevel = QuartersOf(LevelHours) is { } last && last.Max() - last.Min() <= Clearly * scatter;
        IsUnusual = Math.Abs(_rest[^1] - Level) > ordinary || (!isLevel && Math.Abs(Level) > ordinary);
    }

    /// <summary>By how much more it grows in an hour than it used to.</summary>
    public double Growth { get; }

    /// <summary>How much that differs within the window.</summary>
    public double GrowthError { get; }

    /// <summary>How far above growth and swing it is now.</summary>
    public double Level { get; }

    /// <summary>Whether it does what it never did, and not for long enough to say what that is.</summary>
    public bool IsUnusual { get; }

    /// <summary>How far above its level the use goes for a while; a share of the hours stays below that.</summary>
    public double Burst(double share)
    {
        var usual = _rest.SkipLast(_window).ToArray();
        // Addresses are counted in whole ones: one more is no burst.
        return Math.Max(0, Seasons.Quantile(usual, share) - Seasons.Median(usual) - 1);
    }

    private static bool IsEvenGrowth(double[] quarters, double scatter, out double growth, out double error)
    {
        var steps = quarters.Zip(quarters.Skip(1), static (before, after) => after - before).ToArray();
        var mean = growth = steps.Average();
        error = (steps.Max() - steps.Min()) / 2;
        return Math.Abs(quarters[^1] - quarters[0]) > Clearly * scatter && Array.TrueForAll(steps, step => Math.Abs(step - mean) <= Evenness * Math.Abs(mean));
    }

    /// <summary>The medians of a window's quarters; null if nobody counted in one of them.</summary>
    private double[]? QuartersOf(int window)
    {
        var quarters = _rest.TakeLast(window).Chunk(window / Quarters).Select(Seasons.Median).ToArray();
        return Array.TrueForAll(quarters, double.IsFinite) ? quarters : null;
    }

    /// <summary>How far the counts before a window usually are from their median, as a standard deviation; at least half an address.</summary>
    private double ScatterBefore(int window)
    {
        var before = _rest.SkipLast(window).ToArray();
        var median = Seasons.Median(before);
        return Math.Max(0.5, 1.4826 * Seasons.Median(before.Select(rest => Math.Abs(rest - median))));
    }
}
