using System.Globalization;
using System.Text;
using Ipam.Core.Text;

namespace Ipam.Cli.Terminal;

/// <summary>
/// Makes text safe to print in one line on a terminal: what controls a terminal, breaks a line or reorders text is written as \uXXXX,
/// and a backslash as two.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text, made safe; itself if it is.</summary>
    public static string Of(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (MustEscape(rune))
                return Escape(text);
        }
        return text;
    }

    /// <summary>The same for a cell of a table, which is never empty.</summary>
    public static string Cell(string text) => text.Length == 0 ? "-" : Of(text);

    private static bool MustEscape(Rune rune) => rune.Value == '\\' || UnsafeCharacter.Is(rune);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            var source = text.AsSpan(at, length);
            at += length;
            if (rune.Value == '\\')
                escaped.Append(@"\\");
            else if (!MustEscape(rune))
                escaped.Append(source);
            else
                AppendEscaped(escaped, source);
        }
        return escaped.ToString();
    }

    private static void AppendEscaped(StringBuilder escaped, ReadOnlySpan<char> source)
    {
        foreach (var unit in source)
            escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:x4}");
    }
}
