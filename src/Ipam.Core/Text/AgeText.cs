using System.Globalization;

namespace Ipam.Core.Text;

/// <summary>How long ago something was, in one unit: 90s, 45m, 30h, 12d.</summary>
public static class AgeText
{
    /// <summary>The text of an age; what is below zero counts as zero.</summary>
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
