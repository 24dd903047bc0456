namespace Ipam.Core.Trends;

/// <summary>
/// What the last hours and days did beside growth and swing (<see cref="Seasons"/>): whether the use began to grow in another way, moved to another level, or does
/// something that can't be told yet.
/// </summary>
internal sealed class RecentUse
{
    /// <summary>Of the windows of so many hours the longest that shows an even growth counts.</summary>
    private static readonly int[] Windows = [168, 72, 48, 24, 16, LevelHours];

    /// <summary>The hours whose level is the present one.</summary>
    private const int LevelHours = 8;

    /// <summary>So many times the usual scatter is no scatter any more.</summary>
    private const double Clearly = 5;

    private readonly double[] _rest;
    private readonly int _window = LevelHours;

    public RecentUse(Seasons seasons)
    {
        _rest = seasons.Rest;
        var scatter = ScatterBefore(LevelHours);
        Ordinary = Math.Max(Clearly * scatter, _rest.SkipLast(LevelHours).Where(double.IsFinite).DefaultIfEmpty(0).Max(Math.Abs));
        foreach (var window in Windows.Where(window => window <= _rest.Length / 2))
        {
            if (EvenGrowth.Of(_rest[^window..], Clearly * ScatterBefore(window)) is not { } even)
                continue;
            (_window, Growth, GrowthError, Level) = (window, even.PerStep, even.Error, even.Level);
            return;
        }
        Level = Seasons.Median(_rest.TakeLast(LevelHours));
        var isLevel = EvenGrowth.QuartersOf(_rest[^LevelHours..]) is { } last && last.Max() - last.Min() <= Clearly * scatter;
        IsUnusual = Math.Abs(_rest[^1] - Level) > Ordinary || (!isLevel && Math.Abs(Level) > Ordinary);
    }

    /// <summary>By how much more it grows in an hour than it used to.</summary>
    public double Growth { get; }

    /// <summary>How much that differs within the window.</summary>
    public double GrowthError { get; }

    /// <summary>How far above growth and swing it is now.</summary>
    public double Level { get; }

    /// <summary>Whether it does what it never did, and not for long enough to say what that is.</summary>
    public bool IsUnusual { get; }

    /// <summary>How far from growth and swing it ever was, the last hours apart.</summary>
    public double Ordinary { get; }

    /// <summary>How far above its level the use goes for a while; a share of the hours stays below that.</summary>
    public double Burst(double share) => Burst(_rest.SkipLast(_window).ToArray(), share);

    /// <summary>The same of counts whose growth and swing were taken away.</summary>
    public static double Burst(double[] usual, double share) =>
        // Addresses are counted in whole ones: one more is no burst.
        Math.Max(0, Seasons.Quantile(usual, share) - Seasons.Median(usual) - 1);

    /// <summary>How far the counts before a window usually are from their median.</summary>
    private double ScatterBefore(int window) => Seasons.Scatter(_rest.SkipLast(window).ToArray());
}
