using System.Globalization;
using Ipam.Core.Text;

namespace Ipam.Core.Trends;

/// <summary>When a pool will be exhausted, for people.</summary>
public static class ForecastText
{
    /// <summary>In one word: <c>12d</c>; <c>60d+</c> for longer than that; <c>now</c>; <c>?</c> where nothing can be said.</summary>
    public static string Brief(UseForecast? forecast) => forecast?.Outlook switch
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
}
