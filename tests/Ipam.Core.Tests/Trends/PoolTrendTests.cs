using System.IO.Compression;
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

        Assert.Equal(trend.V4!.Hours.ToArray(), read.V4!.Hours.ToArray());
        Assert.Equal(trend.V4.Hours.LastBegins, read.V4.Hours.LastBegins);
        Assert.Equal(trend.V6?.Hours.ToArray(), read.V6?.Hours.ToArray());
        Assert.Equal(trend.V4.Minutes.ToArray(), read.V4.Minutes.ToArray());
        Assert.Equal(trend.V4.Minutes.LastBegins, read.V4.Minutes.LastBegins);
        Assert.Equal(trend.V6?.Minutes.ToArray(), read.V6?.Minutes.ToArray());
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
    public void The_most_random_counts_are_read_as_they_were_written_and_usual_ones_take_little_room()
    {
        var random = new Random(3);
        var (worst, usual) = (new PoolTrend(), new PoolTrend());
        for (var minute = 0; minute < 90 * 24 * 60; minute++)
        {
            var now = Begin.AddMinutes(minute);
            // Far apart, so that each change takes as many bytes as any.
            var odd = (minute / 60 + minute) % 2 * (long)int.MaxValue * 3 / 4 + random.Next(1 << 29);
            if (minute % 60 == 0 || minute > 89 * 24 * 60 - 60)
                worst.Record(now, new PoolUsage("blue", "", new FamilyUsage(1000, 0, odd, 0), new FamilyUsage(1000, 0, odd ^ random.Next(1 << 29), 0)));
            usual.Record(now, new PoolUsage("blue", "", new FamilyUsage(1000, 0, 500 + (long)(60 * Math.Sin(minute * Math.PI / 720)) + random.Next(5), 0), null));
        }
        var text = worst.ToText();
        Assert.InRange(text.Length, 20 * 1024, 64 * 1024);
        var read = PoolTrend.Read(text)!;
        Assert.Equal(worst.V6!.Minutes.ToArray(), read.V6!.Minutes.ToArray());
        Assert.Equal(worst.V6.Hours.ToArray(), read.V6.Hours.ToArray());
        Assert.InRange(usual.ToText().Length, 1, 4 * 1024);
    }

    [Fact]
    public void A_program_that_knows_no_minutes_reads_the_hours_and_what_it_wrote_is_read()
    {
        var trend = new PoolTrend();
        for (var minute = 0; minute < 500; minute++)
            trend.Record(Begin.AddMinutes(minute), new PoolUsage("blue", "", new FamilyUsage(1000, 0, 500 + minute, 0), new FamilyUsage(1000, 0, minute / 9, 0)));

        // As the form was before there were minutes.
        using var reader = new BinaryReader(new DeflateStream(new MemoryStream(Convert.FromBase64String(trend.ToText())[1..]), CompressionMode.Decompress));
        var (v4, v6) = (new UseSeries(TimeSpan.FromHours(1), 90 * 24), new UseSeries(TimeSpan.FromHours(1), 90 * 24));
        Assert.True(reader.ReadBoolean());
        v4.Read(reader);
        Assert.True(reader.ReadBoolean());
        v6.Read(reader);
        Assert.Equal(trend.V4!.Hours.ToArray(), v4.ToArray());
        Assert.Equal(trend.V6!.Hours.ToArray(), v6.ToArray());

        using var bytes = new MemoryStream();
        bytes.WriteByte(1);
        using (var writer = new BinaryWriter(new DeflateStream(bytes, CompressionLevel.Optimal, leaveOpen: true)))
        {
            writer.Write(false);
            writer.Write(true);
            v6.Write(writer);
        }
        var old = PoolTrend.Read(Convert.ToBase64String(bytes.ToArray()))!;
        Assert.Null(old.V4);
        Assert.Equal(v6.ToArray(), old.V6!.Hours.ToArray());
        Assert.Empty(old.V6.Minutes.ToArray());
        old.Record(Begin.AddHours(9), new PoolUsage("blue", "", null, new FamilyUsage(1000, 0, 7, 0)));
        Assert.Equal([7], old.V6.Minutes.ToArray());
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
            var read = PoolTrend.Read(Convert.ToBase64String(bytes));
            Assert.InRange(read?.V4?.Hours.ToArray().Length ?? 0, 0, 90 * 24);
            Assert.InRange(read?.V4?.Minutes.ToArray().Length ?? 0, 0, 24 * 60);
        }
    }
}
