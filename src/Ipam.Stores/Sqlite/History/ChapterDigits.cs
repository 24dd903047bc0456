using Ipam.Stores.History;

namespace Ipam.Stores.Sqlite.History;

/// <summary>Texts of hexadecimal digits as half as many bytes: container ids as they are, UIDs with their dashes.</summary>
internal static class ChapterDigits
{
    private const int UidBytes = 16;
    private const int UidDigits = 36;

    /// <summary>The bytes of a text; null if it isn't one of digits. 32 digits without dashes aren't either: their bytes are a UID's.</summary>
    public static byte[]? TryPack(string text)
    {
        if (text.Length == UidDigits)
            return Guid.TryParseExact(text, "D", out var uid) && uid.ToString("D") == text ? uid.ToByteArray(bigEndian: true) : null;
        return text.Length is > 0 and not 2 * UidBytes && text.Length % 2 == 0 && HexDigits.Are(text) ? Convert.FromHexString(text) : null;
    }

    /// <summary>The text of such bytes.</summary>
    public static string Unpack(ReadOnlySpan<byte> bytes) =>
        bytes.Length == UidBytes ? new Guid(bytes, bigEndian: true).ToString("D") : Convert.ToHexStringLower(bytes);
}
