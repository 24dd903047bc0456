using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Trends;

namespace Ipam.Cli.Commands.Pools;

/// <summary>When a pool will be exhausted, for programs.</summary>
internal static class ForecastFields
{
    /// <summary>Writes the fields of a forecast.</summary>
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
