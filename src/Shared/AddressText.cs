using System.Globalization;

namespace IpamSuite.Shared;

/// <summary>
/// The text of an address as RFC 5952 wants it: lower case, longest run of zero groups shortened, no embedded IPv4.
/// (<see cref="System.Net.IPAddress"/> writes <c>::ffff:1.2.3.4</c> and <c>::5efe:1.2.3.4</c>, so it can't be used.)
/// </summary>
internal static class AddressText
{
    /// <summary>Longest text: eight groups of four digits and seven colons.</summary>
    public const int MaxLength = 39;

    /// <summary>Dotted text of a 32-bit address.</summary>
    public static string FormatV4(uint value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{(value >> 16) & 255}.{(value >> 8) & 255}.{value & 255}");

    /// <summary>RFC 5952 text of a 128-bit address, of which these are the halves.</summary>
    public static string FormatV6(ulong upper, ulong lower)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < 4; i++)
            (groups[i], groups[i + 4]) = ((ushort)(upper >> (48 - 16 * i)), (ushort)(lower >> (48 - 16 * i)));
        var (start, length) = LongestZeroRun(groups);

        Span<char> text = stackalloc char[MaxLength];
        var at = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text[at++] = ':';
                text[at++] = ':';
                i += length - 1;
                continue;
            }
            if (at > 0 && text[at - 1] != ':')
                text[at++] = ':';
            groups[i].TryFormat(text[at..], out var written, "x", CultureInfo.InvariantCulture);
            at += written;
        }
        return new string(text[..at]);
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        var (best, bestLength) = (-1, 1);
        for (var i = 0; i < groups.Length; i++)
        {
            var end = i;
            while (end < groups.Length && groups[end] == 0)
                end++;
            if (end - i > bestLength)
                (best, bestLength) = (i, end - i);
            i = Math.Max(i, end - 1);
        }
        return (best, bestLength);
    }
}
