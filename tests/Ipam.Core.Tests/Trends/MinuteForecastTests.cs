using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Core.Tests.Trends;

/// <summary>Forecasts of the first days and of the first hours of something new, of traces like those of real clusters, against what the trace then does.</summary>
public sealed class MinuteForecastTests
{
    // A Monday.
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many addresses are held at an hour; the second is another number for each minute.</summary>
    private delegate double Trace(double hour, Func<double> noise);

    /// <param name="Trace">How the use goes.</param>
    /// <param name="Size">How many addresses the pool has.</param>
    /// <param name="From">The hour of the first forecast.</param>
    /// <param name="To">The hour of the last one.</param>
    /// <param name="Known">The share of forecasts that must say something.</param>
    /// <param name="Foreseen">The hour from which on all must foresee the exhaustion; 0 for none.</param>
    private sealed record Case(Trace Trace, int Size, double From, double To, double Known, double Foreseen = 0);

    private static readonly Dictionary<string, Case> All = new()
    {
        ["new, steady"] = new(static (hour, noise) => 100 + 15 * hour + 2 * noise(), 1_000, 0, 96, 0.55, 25),
        ["new, steady, slow"] = new(static (hour, noise) => 100 + 6 * hour + 2 * noise(), 600, 0, 96, 0.65, 48),
        ["new, level"] = new(static (_, noise) => 500 + 3 * noise(), 1_000, 0, 96, 0.7),
        ["new, shrinks"] = new(static (hour, noise) => 900 - 4 * hour + 3 * noise(), 1_000, 0, 96, 0.7),
        ["new, daily swing"] = new(static (hour, noise) => 400 + 80 * Math.Sin(hour * Math.PI / 12) + 4 * noise(), 600, 0, 200, 0.3),
        ["new, daily swing, grows"] = new(static (hour, noise) => 300 + 4 * hour + 80 * Math.Sin(hour * Math.PI / 12) + 4 * noise(), 800, 0, 96, 0),
        ["new, little swing, grows"] = new(static (hour, noise) => 200 + 8 * hour + 20 * Math.Sin(hour * Math.PI / 12) + 4 * noise(), 800, 0, 96, 0),
        ["new, faster and faster"] = new(static (hour, noise) => 200 + hour * hour / 20 + 3 * noise(), 1_000, 0, 130, 0),
        ["new, less and less"] = new(static (hour, noise) => 900 - 800 * Math.Exp(-hour / 40) + 3 * noise(), 800, 0, 96, 0),
        ["new, levels out"] = new(static (hour, noise) => 800 - 700 * Math.Exp(-hour / 30) + 3 * noise(), 1_000, 0, 200, 0.1),
        ["new, nights off"] = new(static (hour, noise) => (hour % 24 is > 8 and < 20 ? 400 : 100) + 4 * noise(), 900, 0, 120, 0.3),
        ["new, first days of a weekly wave"] = new(static (hour, noise) => 300 + Workday(hour + 48) * 200 + 60 * Math.Sin(hour * Math.PI / 12) + 5 * noise(), 800, 0, 240, 0.2),
        ["new, a smooth week"] = new(static (hour, noise) => 500 + 150 * Math.Sin(hour * Math.PI / 84) + 5 * noise(), 700, 0, 200, 0.1),
        ["new, deployments"] = new(static (hour, noise) => 300 + 0.5 * hour + Rollout(hour, 9) + 3 * noise(), 900, 0, 200, 0.5),
        ["new, a deployment that stays"] = new(static (hour, noise) => 300 + 200 * Math.Clamp((hour - 30) / 0.7, 0, 1) + 3 * noise(), 800, 0, 96, 0.3),
        ["a deployment that stays, later"] = new(static (hour, noise) => 300 + 250 * Math.Clamp((hour - 300) / 0.8, 0, 1) + 3 * noise(), 800, 290, 330, 0.2),
        ["deployments, later"] = new(static (hour, noise) => 300 + 40 * Math.Sin(hour * Math.PI / 12) + Rollout(hour, 13) + 3 * noise(), 700, 240, 400, 0.3),
        ["a rollout for an hour, and back"] = new(static (hour, noise) => 300 + 200 * Math.Clamp(Math.Min(hour - 300, 304 - hour), 0, 1) + 3 * noise(), 800, 290, 330, 0.2),
        ["a leak that fills the pool in five hours"] = new(
            static (hour, noise) => 400 + 50 * Math.Sin(hour * Math.PI / 12) + 120 * Math.Max(0, hour - 240.3) + 4 * noise(), 1_000, 242.3, 246, 1, 242.3),
        ["a leak in a weekly wave"] = new(
            static (hour, noise) => 300 + Workday(hour) * 150 + 90 * Math.Max(0, hour - 490.6) + 5 * noise(), 1_000, 492.6, 500, 0.75, 494),
        ["a leak while nights are off"] = new(
            static (hour, noise) => (hour % 24 is > 8 and < 20 ? 400 : 100) + 100 * Math.Max(0, hour - 249.4) + 4 * noise(), 900, 251.4, 255, 0.8),
        ["a leak in a pool that grows"] = new(static (hour, noise) => 200 + hour + 60 * Math.Max(0, hour - 241) + 3 * noise(), 900, 243, 249, 0.85, 244),
        ["a leak of a pool of thousands"] = new(
            static (hour, noise) => 20_000 + 3_000 * Math.Sin(hour * Math.PI / 12) + 8_000 * Math.Max(0, hour - 240.5) + 60 * noise(), 60_000, 242.5, 246, 0.8),
        ["a leak that becomes worse"] = new(static (hour, noise) => 300 + 20 * Math.Pow(Math.Max(0, hour - 241), 2) + 4 * noise(), 900, 244, 250, 0),
        ["nothing new for weeks"] = new(static (hour, noise) => 500 + Workday(hour) * 200 + 60 * Math.Sin(hour * Math.PI / 12) + 5 * noise(), 800, 450, 620, 0.5),
    };

    public static TheoryData<string, int> Cases()
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
    [MemberData(nameof(Cases))]
    public void A_forecast_by_the_minute_is_right_within_a_fifth_or_says_that_it_does_not_know(string name, int seed)
    {
        var trace = All[name];
        var verdicts = Forecasts(trace, seed).ToList();

        var wrong = verdicts.Where(static verdict => !verdict.IsTrue).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {verdicts.Count}: {string.Join(", ", wrong.Take(10))}");
        var unknown = verdicts.Where(static verdict => verdict.Forecast.Outlook == Outlook.Unknown).ToList();
        Assert.True(unknown.Count <= (1 - trace.Known) * verdicts.Count, $"{unknown.Count} of {verdicts.Count} unknown: {string.Join(", ", unknown.TakeLast(10))}");
        if (trace.Foreseen > 0)
            Assert.All(verdicts.Where(verdict => verdict.Hour >= trace.Foreseen), static verdict => Assert.True(verdict.Forecast.Outlook == Outlook.Foreseen, $"{verdict}"));
    }

    private static double Workday(double hour) => (int)(hour / 24) % 7 < 5 ? 1 : 0;

    /// <summary>Deployments at no fixed hours: in ten minutes there, and gone after forty.</summary>
    private static double Rollout(double hour, int every) =>
        (uint)((int)hour * 2654435761) % every == 0 ? 120 * Math.Clamp(Math.Min(hour % 1, 2.0 / 3 - hour % 1) * 6, 0, 1) : 0;

    private static IEnumerable<Verdict> Forecasts(Case trace, int seed)
    {
        const int Ahead = 8 * 24 * 60;
        var random = new Random(seed);
        var minutes = Enumerable.Range(0, (int)(trace.To * 60) + Ahead).Select(minute => Math.Clamp(
            (int)Math.Round(trace.Trace(minute / 60.0, () => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)), 0, trace.Size)).ToArray();
        var full = Array.FindIndex(minutes, used => used >= trace.Size);
        // No whole part of an hour, so that all minutes of it are met.
        var every = trace.To - trace.From < 24 ? 7 : 97;
        var trend = new PoolTrend();
        for (var minute = 0; minute < trace.To * 60 && (full < 0 || minute < full); minute++)
        {
            var now = Begin + TimeSpan.FromMinutes(minute + 0.5);
            var usage = new PoolUsage("", "", new FamilyUsage((UInt128)trace.Size, 0, minutes[minute], (UInt128)(trace.Size - minutes[minute])), null);
            trend.Record(now, usage);
            if (minute >= trace.From * 60 && minute % every == 0)
                yield return new Verdict(minute / 60.0, trend.Forecast(usage, now), full < 0 ? null : (full - minute) / 60.0);
        }
    }

    /// <param name="Hour">When it was asked for.</param>
    /// <param name="Forecast">What it says.</param>
    /// <param name="Truth">After how many hours it is full; null if it isn't for eight days.</param>
    private sealed record Verdict(double Hour, UseForecast Forecast, double? Truth)
    {
        public bool IsTrue => Forecast.Outlook switch
        {
            Outlook.Unknown => true,
            Outlook.NotForeseen => Truth is null || Truth >= 0.8 * Forecast.Within.TotalHours,
            Outlook.Foreseen => Truth is { } truth && Math.Abs(Forecast.Within.TotalHours - truth) <= 0.2 * truth + 0.1,
            _ => false,
        };

        public override string ToString() =>
            $"[{Hour:0.0} h: {Forecast.Outlook} {Forecast.Within.TotalHours:0.0} h ({Forecast.Earliest.TotalHours:0.0} to {Forecast.Latest.TotalHours:0.0}) {Forecast.PerDay:0.0}/d {Forecast.Why.Split(' ').ElementAtOrDefault(2)}, truth {Truth:0.0}]";
    }
}
