using System.Globalization;
using System.Text;

namespace Ipam.Core.Text;

/// <summary>Characters that control a terminal, break a line, or reorder the text around them.</summary>
public static class UnsafeCharacter
{
    /// <summary>Whether a character is one. White space other than the blank is.</summary>
    public static bool Is(Rune rune) => rune.IsAscii
        ? rune.Value is < ' ' or 0x7F
        : rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <summary>The text with each of them written as <c>\uXXXX</c>, as JSON and YAML read it inside quotes; itself if it has none.</summary>
    public static string Escape(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Is(rune))
                return EscapeAll(text);
        }
        return text;
    }

    private static string EscapeAll(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            foreach (var unit in text.AsSpan(at, length))
            {
                if (Is(rune))
                    escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:x4}");
                else
                    escaped.Append(unit);
            }
            at += length;
        }
        return escaped.ToString();
    }
}
