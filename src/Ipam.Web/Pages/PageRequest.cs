using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>What a browser asks for.</summary>
/// <param name="Path">The names in the path, below the site's.</param>
/// <param name="Query">What comes after the question mark.</param>
/// <param name="BasePath">The site's path.</param>
internal sealed record PageRequest(IReadOnlyList<string> Path, IQueryCollection Query, string BasePath)
{
    /// <summary>Longer than any name that somebody looks for.</summary>
    private const int MostCharacters = 400;

    /// <summary>A text of the query without blanks around it; empty if it isn't there, or is too long to mean anything.</summary>
    public string Text(string name) => Query[name] is [{ Length: <= MostCharacters } first, ..] ? first.Trim() : "";

    /// <summary>A place of the site.</summary>
    public Link To(params ReadOnlySpan<string> segments) => Link.To(BasePath, segments);

    /// <summary>The page of an address.</summary>
    public Link ToAddress(string space, string address) => To("address", space, address);

    /// <summary>The leases that a text finds.</summary>
    public Link ToLeases(string text) => To("leases").With("q", text);
}
