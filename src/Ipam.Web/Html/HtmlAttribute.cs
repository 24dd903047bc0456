namespace Ipam.Web.Html;

/// <summary>An attribute of an element. A place that a browser would follow or run is never made of text: see <see cref="Link"/>.</summary>
internal readonly record struct HtmlAttribute
{
    private HtmlAttribute(string name, string? value) => (Name, Value) = (name, value);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value as it is meant, not escaped; null for a flag.</summary>
    public string? Value { get; }

    /// <summary>A flag, such as <c>required</c>.</summary>
    public static HtmlAttribute Flag(string name) => (name, null);

    /// <summary>Where a link leads.</summary>
    public static HtmlAttribute Href(Link link) => new("href", link.Text);

    /// <summary>An icon that is nothing, so that no browser asks for one.</summary>
    public static HtmlAttribute Icon { get; } = new("href", "data:,");

    /// <summary>Where a form leads.</summary>
    public static HtmlAttribute Action(Link link) => new("action", link.Text);

    /// <summary>Where a script is.</summary>
    public static HtmlAttribute Source(Link link) => new("src", link.Text);

    /// <summary>An attribute with a text.</summary>
    /// <exception cref="ArgumentException">The name is that of a place, a style or a handler.</exception>
    public static implicit operator HtmlAttribute((string Name, string? Value) pair) =>
        pair.Name is "href" or "src" or "action" or "formaction" or "srcdoc" or "style" || pair.Name.StartsWith("on", StringComparison.Ordinal)
            ? throw new ArgumentException($"{pair.Name} is no attribute for a text", nameof(pair))
            : new HtmlAttribute(pair.Name, pair.Value);
}
