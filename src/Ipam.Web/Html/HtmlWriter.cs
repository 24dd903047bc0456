using System.Buffers;
using System.Globalization;
using System.Text;
using Ipam.Core.Text;

namespace Ipam.Web.Html;

/// <summary>
/// Writes HTML in which text can be nothing but text: there is no way to write markup other than by elements, whose names are checked. Characters that control,
/// reorder or can't be seen are written as <c>\uXXXX</c>. Not thread-safe.
/// </summary>
internal sealed class HtmlWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly Stack<string> _open = new();

    /// <summary>Begins a page.</summary>
    public void Doctype() => Raw("<!doctype html>\n");

    /// <summary>Begins an element.</summary>
    public HtmlWriter Begin(string tag, params ReadOnlySpan<HtmlAttribute> attributes)
    {
        Tag(tag, attributes);
        _open.Push(tag);
        return this;
    }

    /// <summary>Ends the element that was begun last.</summary>
    public HtmlWriter End()
    {
        Raw("</");
        Raw(_open.Pop());
        Raw(">");
        return this;
    }

    /// <summary>An element that has no content.</summary>
    public HtmlWriter Void(string tag, params ReadOnlySpan<HtmlAttribute> attributes)
    {
        Tag(tag, attributes);
        return this;
    }

    /// <summary>An element with a text.</summary>
    public HtmlWriter Element(string tag, string text, params ReadOnlySpan<HtmlAttribute> attributes) => Begin(tag, attributes).Text(text).End();

    /// <summary>A link with a text.</summary>
    public HtmlWriter Anchor(Link link, string text) => Element("a", text, HtmlAttribute.Href(link));

    /// <summary>A text.</summary>
    public HtmlWriter Text(string text)
    {
        var rest = UnsafeCharacter.Escape(text).AsSpan();
        while (rest.IndexOfAny(Special) is >= 0 and var at)
        {
            Raw(rest[..at]);
            Raw(rest[at] switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", _ => "&#39;" });
            rest = rest[(at + 1)..];
        }
        Raw(rest);
        return this;
    }

    /// <summary>A whole number.</summary>
    public HtmlWriter Number(long number) => Text(number.ToString("N0", CultureInfo.InvariantCulture));

    private void Tag(string tag, ReadOnlySpan<HtmlAttribute> attributes)
    {
        Raw("<");
        Raw(Checked(tag));
        foreach (var attribute in attributes)
        {
            Raw(" ");
            Raw(Checked(attribute.Name));
            if (attribute.Value is not { } value)
                continue;
            Raw("=\"");
            Text(value);
            Raw("\"");
        }
        Raw(">");
    }

    private static string Checked(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters)
        ? name
        : throw new ArgumentException($"'{name}' is no name of an element or an attribute", nameof(name));

    private void Raw(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
