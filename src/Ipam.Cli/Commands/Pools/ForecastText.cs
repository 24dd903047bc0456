using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Trends;

namespace Ipam.Cli.Commands.Pools;

/// <summary>When a pool will be exhausted, for people and for programs.</summary>
internal static class ForecastText
{
    /// <summary>In one word: <c>12d</c>; <c>60d+</c> for longer than that; <c>now</c>; <c>?</c> where nothing can be said.</summary>
    public static string Short(UseForecast? forecast) => forecast?.Outlook switch
    {
        null => "",
        Outlook.Exhausted => "now",
        Outlook.Foreseen => AgeText.Of(forecast.Within),
        Outlook.NotForeseen => AgeText.Of(forecast.Within) + "+",
        _ => "?",
    };

    /// <summary>The same in full.</summary>
    public static string Full(UseForecast? forecast) => forecast?.Outlook switch
    {
        null => "",
        Outlook.Exhausted => "now",
        Outlook.Foreseen => $"about {AgeText.Of(forecast.Within)} ({AgeText.Of(forecast.Earliest)} to {AgeText.Of(forecast.Latest)})",
        Outlook.NotForeseen => $"not within {AgeText.Of(forecast.Within)}",
        _ => $"not known: {forecast.Why}",
    };

    /// <summary>How the use grows and swings; empty where that isn't known.</summary>
    public static string Course(UseForecast? forecast)
    {
        if (forecast is null or { PerDay: 0, DailySwing: 0, WeeklySwing: 0 })
            return "";
        var week = forecast.WeeklySwing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {forecast.WeeklySwing:0} within a week");
        return string.Create(CultureInfo.InvariantCulture, $"{forecast.PerDay:+0.#;-0.#;0} a day; swings by {forecast.DailySwing:0} within a day{week}");
    }

    /// <summary>Its fields.</summary>
    public static void Write(UseForecast forecast, IFieldWriter fields)
    {
        fields.Text("outlook", forecast.Outlook switch
        {
            Outlook.Exhausted => "exhausted",
            Outlook.Foreseen => "foreseen",
            Outlook.NotForeseen => "notForeseen",
            _ => "unknown",
        });
        fields.Number("withinSeconds", (long)forecast.Within.TotalSeconds);
        fields.Number("earliestSeconds", (long)forecast.Earliest.TotalSeconds);
        fields.Number("latestSeconds", (long)forecast.Latest.TotalSeconds);
        fields.Text("perDay", forecast.PerDay.ToString("0.##", CultureInfo.InvariantCulture));
        fields.Number("dailySwing", (long)Math.Round(forecast.DailySwing));
        fields.Number("weeklySwing", (long)Math.Round(forecast.WeeklySwing));
        fields.Text("why", forecast.Why);
    }
}
