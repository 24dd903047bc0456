using System.Globalization;

namespace Ipam.Core.Text;

/// <summary>A time as RFC 3339 wants it, in UTC, with as many digits as it has.</summary>
public static class TimeText
{
    /// <summary>The text of a time.</summary>
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
