namespace Ipam.Web.Html;

/// <summary>A place of this site: it begins with the site's own path, and whatever is put into it is escaped.</summary>
internal sealed class Link
{
    private readonly bool _hasQuery;

    private Link(string text, bool hasQuery) => (Text, _hasQuery) = (text, hasQuery);

    /// <summary>The place, as a browser wants it.</summary>
    public string Text { get; }

    /// <summary>The place below a path.</summary>
    /// <param name="basePath">The site's path: empty, or one that begins with a slash and ends without one.</param>
    /// <param name="segments">The names below it.</param>
    public static Link To(string basePath, params ReadOnlySpan<string> segments)
    {
        var text = basePath;
        foreach (var segment in segments)
            text += "/" + Escape(segment);
        return new Link(segments.IsEmpty ? basePath + "/" : text, false);
    }

    /// <summary>The place of the page itself with another query.</summary>
    public static Link Here(string name, string value) => new($"?{name}={Uri.EscapeDataString(value)}", true);

    /// <summary>A part of the page itself.</summary>
    public static Link Part(string id) => new($"#{id}", false);

    /// <summary>The same with one more value; the same if it is null.</summary>
    public Link With(string name, string? value) =>
        value is null ? this : new Link($"{Text}{(_hasQuery ? '&' : '?')}{name}={Uri.EscapeDataString(value)}", true);

    /// <summary>The same, at a part of the page.</summary>
    public Link At(string part) => new($"{Text}#{part}", _hasQuery);

    /// <summary>The name that <see cref="To"/> made a segment of.</summary>
    public static string Unescape(string segment) => segment.StartsWith('~') ? segment[1..] : segment;

    // A browser resolves "." and ".." however they are escaped, and servers leave an escaped slash as it is: a name with one goes into the query.
    private static string Escape(string segment) => segment is "." or ".." || segment.StartsWith('~') ? $"~{Uri.EscapeDataString(segment)}" : Uri.EscapeDataString(segment);
}
