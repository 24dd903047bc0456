using System.Globalization;
using System.Text;

namespace Ipam.Cli.Commands.Manual;

/// <summary>Text for roff (man(7), groff_char(7)): what means something to it is written in its own words.</summary>
internal static class RoffText
{
    /// <summary>Text in which nothing is a command, on one line.</summary>
    public static string Of(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings(" ").EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '\\' => @"\e",
                '-' => @"\-",
                '\'' => @"\(aq",
                '"' => @"\(dq",
                '`' => @"\(ga",
                '^' => @"\(ha",
                '~' => @"\(ti",
                > 0x7e => string.Create(CultureInfo.InvariantCulture, $@"\[u{rune.Value:X4}]"),
                _ => rune.ToString(),
            });
        }
        return escaped.Length > 0 && escaped[0] == '.' ? $@"\&{escaped}" : escaped.ToString();
    }

    public static string Bold(string text) => $@"\fB{Of(text)}\fR";

    public static string Italic(string text) => $@"\fI{Of(text)}\fR";
}
