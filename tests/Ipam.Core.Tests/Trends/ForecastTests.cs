using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Core.Tests.Trends;

/// <summary>Forecasts of traces like those of real clusters, against what the trace then does.</summary>
public sealed class ForecastTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many addresses are held at an hour; the second is the same for each minute of a seed.</summary>
    private delegate double Trace(double hour, Func<double> noise);

    public static TheoryData<string, int> Traces()
    {
        var data = new TheoryData<string, int>();
        foreach (var name in All.Keys)
        {
            for (var seed = 1; seed <= 3; seed++)
                data.Add(name, seed);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_forecast_is_right_within_a_fifth_or_says_that_it_does_not_know(string name, int seed)
    {
        var (trace, size, known) = All[name];
        var verdicts = new Run(trace, size, seed).Forecasts(TimeSpan.FromHours(11)).ToList();

        var wrong = verdicts.Where(verdict => !verdict.IsTrue && !IsJustBefore(name, verdict.Hour)).ToList();
        Assert.True(wrong.Count == 0, string.Join(", ", wrong));
        var unknown = verdicts.Where(static verdict => verdict.Forecast.Outlook == Outlook.Unknown).ToList();
        Assert.True(unknown.Count <= (1 - known) * verdicts.Count, $"{unknown.Count} of {verdicts.Count} unknown: {string.Join(", ", unknown)}");
    }

    private static readonly Dictionary<string, (Trace Trace, int Size, double Known)> All = new()
    {
        ["steady"] = (static (hour, noise) => 200 + 1.0 * hour + 2 * noise(), 1_200, 0.8),
        ["steady, no noise"] = (static (hour, _) => 100 + 0.5 * hour, 600, 0.8),
        ["level"] = (static (_, noise) => 500 + 3 * noise(), 1_000, 0.8),
        ["shrinks"] = (static (hour, noise) => 900 - 0.4 * hour + 3 * noise(), 1_000, 0.8),
        ["daily swing, grows"] = (static (hour, noise) => 400 + 0.6 * hour + 80 * Math.Sin(hour * Math.PI / 12) + 4 * noise(), 1_000, 0.6),
        ["weekly wave"] = (static (hour, noise) => 500 + Workday(hour) * 200 + 60 * Math.Sin(hour * Math.PI / 12) + 5 * noise(), 1_000, 0.3),
        ["weekly wave, grows"] = (static (hour, noise) => 300 + 0.3 * hour + Workday(hour) * 200 + 60 * Math.Sin(hour * Math.PI / 12) + 5 * noise(), 900, 0.3),
        ["smooth week"] = (static (hour, noise) => 500 + 150 * Math.Sin(hour * Math.PI / 84) + 5 * noise(), 1_000, 0.3),
        ["bursts"] = (static (hour, noise) => 300 + 0.5 * hour + (Burst(hour, 9) ? 100 : 0) + 3 * noise(), 900, 0.5),
        ["bursts, level"] = (static (hour, noise) => 300 + (Burst(hour, 13) ? 150 : 0) + 3 * noise(), 900, 0.5),
        ["leak after three weeks"] = (static (hour, noise) => 400 + 50 * Math.Sin(hour * Math.PI / 12) + Math.Max(0, hour - 504) * 4 + 4 * noise(), 1_000, 0.3),
        ["leak after a week"] = (static (hour, noise) => 400 + Math.Max(0, hour - 170) * 2.5 + 4 * noise(), 1_000, 0.3),
        ["leak in a weekly wave"] = (static (hour, noise) => 300 + Workday(hour) * 150 + Math.Max(0, hour - 540) * 2 + 5 * noise(), 1_000, 0.3),
        ["faster and faster"] = (static (hour, noise) => 200 + hour * hour / 800 + 3 * noise(), 1_000, 0),
        ["a step each morning"] = (static (hour, noise) => 200 + 18 * Math.Floor((hour + 15) / 24) + 2 * noise(), 900, 0.5),
        ["a step each Monday"] = (static (hour, noise) => 200 + 90 * Math.Floor(hour / 168) + 2 * noise(), 700, 0),
        ["cleaned up every three days"] = (static (hour, noise) => 200 + 5 * (hour % 72) + 3 * noise(), 700, 0),
        ["cleaned up every ten days"] = (static (hour, noise) => 200 + 2 * (hour % 240) + 3 * noise(), 800, 0),
        ["nights off, leak"] = (static (hour, noise) => ((int)hour % 24 is > 7 and < 20 ? 400 : 100) + Math.Max(0, hour - 300) * 1.5 + 4 * noise(), 900, 0.3),
        ["few"] = (static (hour, noise) => 5 + hour / 60 + 0.6 * noise(), 20, 0.3),
        ["moved in at once"] = (static (hour, noise) => (hour < 400 ? 300 : 600) + 4 * noise(), 1_000, 0.5),
    };

    /// <summary>Nobody can foresee a leak before it began, or in its first three hours; nor that what grows is cleaned up before it ever was.</summary>
    private static bool IsJustBefore(string name, double hour) => News.TryGetValue(name, out var begin) && hour < begin + 3;

    private static readonly Dictionary<string, int> News = new()
    {
        ["leak after three weeks"] = 504,
        ["leak after a week"] = 170,
        ["leak in a weekly wave"] = 540,
        ["nights off, leak"] = 300,
        ["cleaned up every ten days"] = 240,
    };

    private static double Workday(double hour) => (int)(hour / 24) % 7 < 5 ? 1 : 0;

    /// <summary>Deployments at no fixed hours, of an hour each.</summary>
    private static bool Burst(double hour, int every) => (uint)((int)hour * 2654435761) % every == 0;

    private sealed class Run(Trace trace, int size, int seed)
    {
        private const int Days = 42;
        private readonly int[] _minutes = Play(trace, size, seed);

        public IEnumerable<Verdict> Forecasts(TimeSpan every)
        {
            var trend = new PoolTrend();
            var next = Begin + TimeSpan.FromDays(5);
            var full = Array.FindIndex(_minutes, used => used >= size);
            for (var minute = 0; minute < _minutes.Length && (full < 0 || minute < full); minute++)
            {
                var now = Begin + TimeSpan.FromMinutes(minute);
                var usage = new PoolUsage("", "", new FamilyUsage((UInt128)size, 0, _minutes[minute], (UInt128)(size - _minutes[minute])), null);
                trend.Record(now, usage);
                if (now < next || minute > _minutes.Length / 2)
                    continue;
                next = now + every;
                yield return new Verdict(minute / 60.0, trend.Forecast(usage, now), full < 0 ? null : (full - minute) / 60.0, (_minutes.Length - minute) / 60.0);
            }
        }

        private static int[] Play(Trace trace, int size, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, Days * 24 * 60).Select(minute => Math.Clamp(
                (int)Math.Round(trace(minute / 60.0, () => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)), 0, size))];
        }
    }

    /// <param name="Hour">When it was asked for.</param>
    /// <param name="Forecast">What it says.</param>
    /// <param name="Truth">After how many hours it is full; null if it isn't by the end.</param>
    /// <param name="Played">How many hours the trace goes on.</param>
    private sealed record Verdict(double Hour, UseForecast Forecast, double? Truth, double Played)
    {
        public bool IsTrue => Forecast.Outlook switch
        {
            Outlook.Unknown => true,
            Outlook.NotForeseen => Truth is null || Truth >= 0.8 * Forecast.Within.TotalHours,
            Outlook.Foreseen => Truth is { } truth ? Math.Abs(Forecast.Within.TotalHours - truth) <= 0.2 * truth + 2 : Forecast.Within.TotalHours > 0.8 * Played,
            _ => false,
        };

        public override string ToString() => $"[{Hour:0} h: {Forecast.Outlook} {Forecast.Within.TotalHours:0.0} h {Forecast.PerDay:0.0}/d {Forecast.Why.Split(' ').ElementAtOrDefault(2)}, truth {Truth:0.0}]";
    }
}
