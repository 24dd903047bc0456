namespace Ipam.Core.Trends;

/// <summary>What can be said of the day on which a pool will be exhausted.</summary>
public enum Outlook
{
    /// <summary>Nothing: see <see cref="UseForecast.Why"/>.</summary>
    Unknown = 0,

    /// <summary>It will not be exhausted within <see cref="UseForecast.Within"/>.</summary>
    NotForeseen = 1,

    /// <summary>It will be exhausted in about <see cref="UseForecast.Within"/>.</summary>
    Foreseen = 2,

    /// <summary>It is exhausted now.</summary>
    Exhausted = 3,
}

/// <summary>When a pool will be exhausted if its use goes on as it went.</summary>
public sealed record UseForecast
{
    /// <summary>What can be said.</summary>
    public required Outlook Outlook { get; init; }

    /// <summary>When it will be exhausted; or for how long, at least, it won't be. Zero if nothing can be said.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>The earliest moment at which a foreseen exhaustion is likely.</summary>
    public TimeSpan Earliest { get; init; }

    /// <summary>The latest one.</summary>
    public TimeSpan Latest { get; init; }

    /// <summary>By how many addresses a day the use grows, swings apart; below zero if it shrinks. 0 if that isn't known.</summary>
    public double PerDay { get; init; }

    /// <summary>How far the use goes up and down in the course of a day; 0 if that isn't known.</summary>
    public double DailySwing { get; init; }

    /// <summary>How far the use of a whole day goes up and down in the course of a week; 0 if that isn't known.</summary>
    public double WeeklySwing { get; init; }

    /// <summary>Why nothing can be said; empty if something can.</summary>
    public string Why { get; init; } = "";

    /// <summary>Nothing can be said.</summary>
    public static UseForecast Unknown(string why) => new() { Outlook = Outlook.Unknown, Why = why };

    /// <summary>That of several which comes first. What nothing can be said of may come before a foreseen one, but says less.</summary>
    public static UseForecast FirstOf(IReadOnlyCollection<UseForecast> forecasts) =>
        forecasts.OrderByDescending(static forecast => forecast.Outlook switch { Outlook.Exhausted => 3, Outlook.Foreseen => 2, Outlook.Unknown => 1, _ => 0 })
            .ThenBy(static forecast => forecast.Within).FirstOrDefault() ?? Unknown("it has no addresses");
}
