using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Ipam.Stores.Text;

/// <summary>
/// Any text as a part of the name of an object or of a file, and as a label's value (RFC 1123, and 63 characters of letters, digits, '-', '_' and '.').
/// A plain name stays as it is; another one becomes <c>x.</c> and a hash, which no plain name can be, for it has no dot.
/// </summary>
internal static class SafeName
{
    private const int MostPlain = 40;
    private const int HashBytes = 16;

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The safe form of <paramref name="text"/>; of two texts, two forms.</summary>
    public static string Of(string text) => IsPlain(text) ? text : $"x.{Hash(text, HashBytes)}";

    /// <summary>Whether the safe form is the text itself.</summary>
    public static bool IsPlain(string text) =>
        text.Length is > 0 and <= MostPlain && text[0] != '-' && text[^1] != '-' && !text.AsSpan().ContainsAnyExcept(PlainCharacters);

    /// <summary>The first bytes of a text's SHA-256, in hexadecimal.</summary>
    public static string Hash(string text, int bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..bytes]);
    }
}
