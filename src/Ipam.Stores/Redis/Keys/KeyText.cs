using System.Buffers;
using System.Text;
using Ipam.Stores.Redis.Requests;

namespace Ipam.Stores.Redis.Keys;

/// <summary>
/// Any text as a part of a key or a field: letters, digits, '.', '_' and '-' stand for themselves, each other byte of its UTF-8 is
/// written as % and two hexadecimal digits, and no text at all as %. Different texts stay different.
/// </summary>
internal static class KeyText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>The text, encoded.</summary>
    /// <exception cref="ArgumentException">The text holds half a surrogate pair, which nothing encodes.</exception>
    public static string Of(string text)
    {
        if (text.Length == 0)
            return "%";
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var b in Utf8.GetBytes(text))
        {
            if (Plain.Contains((char)b))
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }

    /// <summary>Writes the text, encoded.</summary>
    /// <exception cref="ArgumentException">The text holds half a surrogate pair, which nothing encodes.</exception>
    public static void Write(string text, Request to)
    {
        // No string is made of one that stays as it is.
        var encoded = Of(text);
        to.Advance(Encoding.ASCII.GetBytes(encoded, to.GetSpan(encoded.Length)));
    }

    /// <summary>The text that was encoded.</summary>
    public static string Read(string encoded) => encoded == "%" ? "" : Uri.UnescapeDataString(encoded);
}
