using System.Globalization;

namespace Ipam.Cli.Output;

/// <summary>How long ago something was, in one unit: 90s, 45m, 30h, 12d.</summary>
internal static class AgeText
{
    public static string Of(TimeSpan age)
    {
        var (number, unit) = age switch
        {
            { TotalMinutes: < 2 } => (Math.Max(0, age.TotalSeconds), 's'),
            { TotalHours: < 2 } => (age.TotalMinutes, 'm'),
            { TotalDays: < 2 } => (age.TotalHours, 'h'),
            _ => (age.TotalDays, 'd'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(long)number}{unit}");
    }
}
