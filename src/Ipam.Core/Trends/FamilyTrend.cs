namespace Ipam.Core.Trends;

/// <summary>How a family's addresses were used: a ring of hours that know days and weeks, and one of minutes that know what is new. Not thread-safe.</summary>
public sealed class FamilyTrend
{
    /// <summary>By the hour for a quarter.</summary>
    public UseSeries Hours { get; } = new(TimeSpan.FromHours(1), 90 * 24);

    /// <summary>By the minute for a day.</summary>
    public UseSeries Minutes { get; } = new(TimeSpan.FromMinutes(1), 24 * 60);

    /// <summary>Notes a count.</summary>
    public void Record(DateTimeOffset now, long count)
    {
        Hours.Record(now, count);
        Minutes.Record(now, count);
    }
}
