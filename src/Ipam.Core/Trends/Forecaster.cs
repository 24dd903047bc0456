using Ipam.Core.Pools;

namespace Ipam.Core.Trends;

/// <summary>
/// Says when a family's addresses will be exhausted: what the use is made of (<see cref="Seasons"/>), and whether it lately began to grow in another way, goes on. It says
/// that it doesn't know rather than a moment that may be wrong by more than a fifth.
/// </summary>
/// <param name="trend">How the use went.</param>
/// <param name="usage">How full the family is now.</param>
/// <param name="now">The present time.</param>
internal sealed class Forecaster(FamilyTrend trend, FamilyUsage usage, DateTimeOffset now)
{
    /// <summary>Older counts say little about the present, and a few weeks are enough to know a week.</summary>
    private const int MostHours = 4 * Seasons.Week;

    /// <summary>Without so many days nobody knows what a day's swing is.</summary>
    private const int LeastHours = 4 * Seasons.Day;

    /// <summary>With so many the swing of a week is known as well.</summary>
    private const int HoursForWeeks = 15 * Seasons.Day;

    /// <summary>How much of the time somebody must have counted.</summary>
    private const double LeastCoverage = 0.7;

    /// <summary>It looks ahead for so many times the history that it knows.</summary>
    private const int Reach = 3;

    /// <summary>By how much the earliest and the latest moment may differ from the likely one.</summary>
    private const double Tolerance = 0.2;

    private const string Changed = "its use has changed in the last hours, and how it goes on isn't seen yet";

    /// <summary>What was counted last is older than the present for so long at most.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(3);

    private readonly double _size = (double)usage.Size;
    private readonly MinuteForecaster _minutes = new(trend.Minutes, (double)usage.Size, now);

    /// <summary>The forecast.</summary>
    public UseForecast Forecast()
    {
        if (usage.Size == 0)
            return UseForecast.Unknown("it has no addresses to hand out");
        if ((UInt128)usage.Used >= usage.Size)
            return new UseForecast { Outlook = Outlook.Exhausted };
        // The present hour has not said all that it will.
        var all = trend.Hours.ToArray() is [.. var complete, _] ? complete : [];
        var hours = Array.ConvertAll(all[Math.Max(0, all.Length - MostHours)..], static count => count == UseSeries.Unknown ? double.NaN : count);
        if (hours.Length > 0 && now - trend.Hours.LastBegins > LongestSilence)
            return UseForecast.Unknown("nobody has counted its use for some hours: no ipamd leads ('ipamctl leader')");
        if (hours.Length < LeastHours)
        {
            return _minutes.OfDay()
                ?? UseForecast.Unknown(FormattableString.Invariant($"its use has been watched for {hours.Length} hours, and {LeastHours} are needed to know what a day is like"));
        }
        if (hours.Count(double.IsFinite) < LeastCoverage * hours.Length)
            return UseForecast.Unknown("too often nobody was there to count its use");
        var drop = LargestDrop(hours);
        // The first that is sure of itself. What has grown anew for some days is clearer without the weeks before.
        UseForecast? first = null;
        foreach (var seasons in Histories(hours))
        {
            var forecast = Forecast(seasons, drop, withMinutes: first is null);
            // Who knows less takes for usual what the first saw to be new: that it comes to nothing isn't said then.
            if (forecast.Outlook == Outlook.Foreseen || (forecast.Outlook == Outlook.NotForeseen && first?.Why != Changed))
                return forecast;
            first ??= forecast;
        }
        return first!;
    }

    /// <summary>By how much a day's lowest count was below that of a day before, at most: what fell once may do so again.</summary>
    private static double LargestDrop(double[] hours)
    {
        var (highest, drop) = (double.NegativeInfinity, 0.0);
        foreach (var lowest in hours[(hours.Length % Seasons.Day)..].Chunk(Seasons.Day).Select(static day => Seasons.Quantile(day, 0)).Where(double.IsFinite))
        {
            highest = Math.Max(highest, lowest);
            drop = Math.Max(drop, highest - lowest);
        }
        return drop;
    }

    private static IEnumerable<Seasons> Histories(double[] hours)
    {
        if (hours.Length >= HoursForWeeks)
            yield return new Seasons(hours, Seasons.Week);
        yield return new Seasons(hours[Math.Max(0, hours.Length - HoursForWeeks)..], Seasons.Day);
        yield return new Seasons(hours[^LeastHours..], Seasons.Day);
    }

    /// <param name="seasons">What is usual.</param>
    /// <param name="drop">By how much it fell.</param>
    /// <param name="withMinutes">Whether that is all that is known: less would make more seem new than is.</param>
    private UseForecast Forecast(Seasons seasons, double drop, bool withMinutes)
    {
        if (!double.IsFinite(seasons.Growth) || seasons.Swing.Any(static count => !double.IsFinite(count)))
            return UseForecast.Unknown("too often nobody was there to count its use");
        var recent = new RecentUse(seasons);
        var usual = new UseForecast
        {
            Outlook = Outlook.Unknown,
            PerDay = seasons.Growth * Seasons.Day,
            DailySwing = seasons.DailySwing,
            WeeklySwing = seasons.WeeklySwing,
        };
        var fall = seasons.Period == Seasons.Week ? LargestDrop(seasons.WithoutSwing) : drop;
        var hasFallen = fall > (_size - usage.Used) / 4;
        var forecast = Forecast(seasons, recent, hasFallen, usual with { PerDay = (seasons.Growth + recent.Growth) * Seasons.Day });
        // What is to happen within hours, minutes know better.
        return !withMinutes || (hasFallen && fall > recent.Ordinary) || (forecast.Outlook == Outlook.Foreseen && forecast.Within > MinuteForecaster.LongestWindow)
            ? forecast : _minutes.OfHours(seasons, trend.Hours.LastBegins, recent, usual) ?? forecast;
    }

    private UseForecast Forecast(Seasons seasons, RecentUse recent, bool hasFallen, UseForecast known)
    {
        if (recent.IsUnusual)
            return known with { Why = Changed };

        var growth = seasons.Growth + recent.Growth;
        var error = seasons.GrowthError + recent.GrowthError;
        var reach = Reach * seasons.Now;
        var likely = HoursUntilFull(seasons, recent.Level, recent.Growth, recent.Burst(0.98), reach);
        var earliest = HoursUntilFull(seasons, recent.Level, recent.Growth + error, recent.Burst(1), reach);
        var latest = HoursUntilFull(seasons, recent.Level, recent.Growth - error, recent.Burst(0.9), reach);
        if (earliest is null)
            return known with { Outlook = Outlook.NotForeseen, Within = TimeSpan.FromHours(seasons.Now) };
        if (hasFallen)
            return known with { Why = "it has fallen in the weeks before, and may do so again" };
        if (likely is not { } hours || latest is not { } end || error > Tolerance * Math.Abs(growth) || hours - earliest > Tolerance * hours + 1 || end - hours > Tolerance * hours + 1)
            return known with { Why = "it grows too unevenly" };
        return known with { Outlook = Outlook.Foreseen, Within = Until(hours), Earliest = Until(earliest.Value), Latest = Until(end) };
    }

    /// <summary>After how many hours, from the first that isn't complete, the family is full; null if not within <paramref name="reach"/>.</summary>
    private double? HoursUntilFull(Seasons seasons, double level, double growth, double burst, int reach)
    {
        var before = double.NaN;
        for (var hour = 0; hour <= reach; hour++)
        {
            var count = seasons.At(seasons.Now + hour) + level + growth * hour + burst;
            if (count >= _size)
                return hour == 0 || before >= count ? hour : hour - (count - _size) / (count - before);
            before = count;
        }
        return null;
    }

    private TimeSpan Until(double hours)
    {
        var until = TimeSpan.FromHours(hours) - (now - trend.Hours.LastBegins);
        return until > TimeSpan.Zero ? until : TimeSpan.Zero;
    }
}
