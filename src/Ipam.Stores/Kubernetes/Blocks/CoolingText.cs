using System.Globalization;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>A cooling address in one line, such as <c>12 2026-11-22T12:00:00.000Z</c>: the offset in the block, and until when.</summary>
internal static class CoolingText
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The line of <paramref name="cooling"/>.</summary>
    public static string Format(CoolingAddress cooling) =>
        string.Create(CultureInfo.InvariantCulture, $"{cooling.Offset} {cooling.Until.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}");

    /// <summary>The cooling address of a line.</summary>
    /// <exception cref="FormatException">The line is not as this program writes them.</exception>
    public static CoolingAddress Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) || offset >= BlockId.Size)
            throw new FormatException($"'{line}' is not OFFSET TIME");
        return new CoolingAddress(offset, DateTimeOffset.ParseExact(
            line.AsSpan(space + 1), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));
    }
}
