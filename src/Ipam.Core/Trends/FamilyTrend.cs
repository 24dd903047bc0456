using Ipam.Core.Pools;

namespace Ipam.Core.Trends;

/// <summary>How the use of a pool's addresses of one family went, by the hour for a quarter. Not thread-safe.</summary>
public sealed class FamilyTrend
{
    /// <summary>The hours of a quarter.</summary>
    public UseSeries Hours { get; } = new(TimeSpan.FromHours(1), 90 * 24);

    /// <summary>Notes how many are held now.</summary>
    public void Record(DateTimeOffset now, long used) => Hours.Record(now, used);

    /// <summary>When the family will be exhausted.</summary>
    /// <param name="usage">How full it is now.</param>
    /// <param name="now">The present time.</param>
    public UseForecast Forecast(FamilyUsage usage, DateTimeOffset now) => new Forecaster(this, usage, now).Forecast();
}
