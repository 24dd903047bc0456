using System.Globalization;

namespace Ipam.Cli.Output;

/// <summary>A time as RFC 3339 wants it, in UTC, with as many digits as it has.</summary>
internal static class TimeText
{
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
