namespace Ipam.Core.Trends;

/// <summary>
/// Says from the minutes of the last day when a family's addresses will be exhausted: of one that isn't known for days yet, and of one that does something new which
/// would fill it before the hours show what that is. What grew evenly goes on.
/// </summary>
/// <param name="minutes">How the use went, by the minute.</param>
/// <param name="size">How many addresses the family has.</param>
/// <param name="now">The present time.</param>
internal sealed class MinuteForecaster(UseSeries minutes, double size, DateTimeOffset now)
{
    /// <summary>Nearly all that the ring has: so much must have been counted of a family of which nothing else is known.</summary>
    public const int DayMinutes = 23 * Hour;

    /// <summary>Hours are not seen by themselves before so many of them.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromHours(8);

    private const int Hour = 60;

    private const string Uneven = "it didn't grow evenly in the last day, and its use hasn't been watched for long enough to know what a day is like";

    /// <summary>Of the windows of so many minutes the longest that shows a growth even enough counts. A deployment is over sooner than the shortest.</summary>
    private static readonly int[] Windows = [8 * Hour, 6 * Hour, 4 * Hour, 3 * Hour, 2 * Hour, 90];

    /// <summary>How much of a window somebody must have counted.</summary>
    private const double LeastCoverage = 0.7;

    /// <summary>It looks ahead for so many times the window that it knows.</summary>
    private const int Reach = 2;

    /// <summary>By how much the earliest and the latest moment may differ from the likely one.</summary>
    private const double Tolerance = 0.2;

    /// <summary>And so many minutes, of which the last few are not worth a doubt.</summary>
    private const int Slack = 10;

    /// <summary>Minutes older than that are not the last ones.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(30);

    // The present minute has not said all that it will.
    private readonly double[] _counts = minutes.ToArray() is [.. var complete, _]
        ? Array.ConvertAll(complete, static count => count == UseSeries.Unknown ? double.NaN : count) : [];

    /// <summary>The forecast of a family of which no more than some days are known; null if the last day is not.</summary>
    public UseForecast? OfDay()
    {
        if (Last(DayMinutes, static _ => 0) is not { } day || EvenGrowth.OfAny(day) is not { } growth)
            return null;
        var known = UseForecast.Unknown(Uneven) with { PerDay = growth.PerStep * 24 * Hour };
        var rest = day.Select((count, minute) => count - growth.PerStep * minute).ToArray();
        var fastest = growth with { PerStep = growth.PerStep + growth.Error };
        // A day that was calm may be followed by another one.
        if (UntilFull(fastest, static _ => 0, RecentUse.Burst(rest, 1), DayMinutes) is null)
            known = known with { Outlook = Outlook.NotForeseen, Within = TimeSpan.FromMinutes(DayMinutes), Why = "" };
        return Goes(growth, day, static _ => 0, share => RecentUse.Burst(rest, share), known) ?? known;
    }

    /// <summary>The forecast by what the last hours do beside what they usually do; null if that is nothing, or can't be told.</summary>
    /// <param name="seasons">What is usual.</param>
    /// <param name="since">When the hour began with which that goes on.</param>
    /// <param name="recent">How far from that it ever was.</param>
    /// <param name="known">What is known of its course.</param>
    public UseForecast? OfHours(Seasons seasons, DateTimeOffset since, RecentUse recent, UseForecast known)
    {
        if (now - minutes.LastBegins > LongestSilence)
            return null;
        var end = seasons.Now + (minutes.LastBegins - since) / TimeSpan.FromHours(1);
        double Usual(int minute) => seasons.Between(end + (double)minute / Hour);
        foreach (var window in Windows)
        {
            if (Last(window, Usual) is { } rest && EvenGrowth.Of(rest, recent.Ordinary) is { PerStep: > 0 } growth
                && Goes(growth, rest, Usual, recent.Burst, known with { PerDay = known.PerDay + growth.PerStep * 24 * Hour }) is { } forecast)
                return forecast;
        }
        return null;
    }

    /// <summary>The last counts without what is usual; null if there are too few.</summary>
    private double[]? Last(int window, Func<int, double> usual)
    {
        if (_counts.Length < window)
            return null;
        var rest = _counts[^window..].Select((count, minute) => count - usual(minute - window)).ToArray();
        return rest.Count(double.IsFinite) >= LeastCoverage * window ? rest : null;
    }

    private UseForecast? Goes(EvenGrowth growth, double[] window, Func<int, double> usual, Func<double, double> burst, UseForecast known)
    {
        if (growth.PerStep <= 0 || UntilFull(growth, usual, burst(0.98), Reach * growth.Window) is not { } likely)
            return null;
        // What grows faster and faster, or less and less, goes on to do so: by as much again in each window ahead.
        var noise = growth.Noise(window);
        var error = 2 * Math.Max(0, growth.Error - noise) * (1 + (double)likely / growth.Window) + noise;
        var earliest = UntilFull(growth with { PerStep = growth.PerStep + error }, usual, burst(1), likely) ?? likely;
        var latest = UntilFull(growth with { PerStep = growth.PerStep - error }, usual, burst(0.9), 2 * likely + Slack);
        if (error > Tolerance * growth.PerStep || likely - earliest > Tolerance * likely + Slack || latest is not { } end || end - likely > Tolerance * likely + Slack)
            return null;
        return known with { Outlook = Outlook.Foreseen, Why = "", Within = Until(likely), Earliest = Until(earliest), Latest = Until(end) };
    }

    /// <summary>After how many minutes, from the end of those counted, the family is full; null if not within <paramref name="reach"/>.</summary>
    private int? UntilFull(EvenGrowth growth, Func<int, double> usual, double burst, int reach)
    {
        for (var minute = 0; minute <= reach; minute++)
        {
            if (usual(minute) + growth.Level + growth.PerStep * minute + burst >= size)
                return minute;
        }
        return null;
    }

    private TimeSpan Until(int minute)
    {
        var until = TimeSpan.FromMinutes(minute) - (now - minutes.LastBegins);
        return until > TimeSpan.Zero ? until : TimeSpan.Zero;
    }
}
