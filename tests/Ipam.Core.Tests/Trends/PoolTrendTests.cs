using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Core.Tests.Trends;

public sealed class PoolTrendTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void An_hour_has_the_highest_count_and_hours_without_one_are_unknown()
    {
        var series = new UseSeries(TimeSpan.FromHours(1), 5);
        Assert.Empty(series.ToArray());

        series.Record(Begin, 3);
        series.Record(Begin.AddMinutes(20), 7);
        series.Record(Begin.AddMinutes(25), 5);
        series.Record(Begin.AddHours(3), 2);
        Assert.Equal([7, -1, -1, 2], series.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 13, 0, 0, TimeSpan.Zero), series.LastBegins);

        // A clock that was set back, and what comes when it is past that again.
        series.Record(Begin, 4);
        series.Record(Begin.AddHours(4), long.MaxValue);
        series.Record(Begin.AddHours(5), -1);
        Assert.Equal([4, int.MaxValue, 0], series.ToArray());

        series.Record(Begin.AddYears(100), 1);
        Assert.Equal([1], series.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(3000)]
    public void A_trend_is_read_as_it_was_written(int hours)
    {
        var random = new Random(hours);
        var trend = new PoolTrend();
        for (var hour = 0; hour < hours; hour += random.Next(1, 4))
        {
            trend.Record(Begin.AddHours(hour), new PoolUsage(
                "blue", "", new FamilyUsage(1000, 0, random.Next(1000), 0), hours == 100 ? null : new FamilyUsage(1000, 0, random.Next(), 0)));
        }
        var text = trend.ToText();
        var read = PoolTrend.Read(text)!;

        Assert.Equal(trend.V4!.ToArray(), read.V4!.ToArray());
        Assert.Equal(trend.V4.LastBegins, read.V4.LastBegins);
        Assert.Equal(trend.V6?.ToArray(), read.V6?.ToArray());
        Assert.InRange(text.Length, 1, 32 * 1024);
        Assert.Equal(text, read.ToText());
    }

    [Fact]
    public void A_pool_that_changes_little_takes_little_room()
    {
        var trend = new PoolTrend();
        for (var hour = 0; hour < 90 * 24; hour++)
            trend.Record(Begin.AddHours(hour), new PoolUsage("blue", "", new FamilyUsage(1000, 0, 500 + hour / 100, 0), null));
        Assert.InRange(trend.ToText().Length, 1, 500);
    }

    [Fact]
    public void What_no_program_of_ours_wrote_is_no_trend()
    {
        var trend = new PoolTrend();
        trend.Record(Begin, new PoolUsage("blue", "", new FamilyUsage(1000, 0, 5, 0), null));
        var text = trend.ToText();
        foreach (var odd in new[] { "", "?", "AA==", "AQ==", "Ag==", text[..(text.Length / 8 * 4)], text[4..], new string('A', 1 << 20) })
            Assert.Null(PoolTrend.Read(odd));

        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = Convert.FromBase64String(text);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            // Whatever comes out, it is bounded.
            Assert.InRange(PoolTrend.Read(Convert.ToBase64String(bytes))?.V4?.ToArray().Length ?? 0, 0, 90 * 24);
        }
    }
}
