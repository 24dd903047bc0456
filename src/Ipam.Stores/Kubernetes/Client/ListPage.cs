using System.Globalization;
using System.Text;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>One page of a listing.</summary>
/// <param name="Items">The objects, by name.</param>
/// <param name="Continue">What asks for the next page; null if this is the last.</param>
/// <param name="ResourceVersion">The resourceVersion that the listing is of.</param>
/// <param name="IsExpired">
/// The server no longer has what the listing began with: begin anew, or go on by <paramref name="Continue"/> with what is there now.
/// </param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? Continue, string ResourceVersion, bool IsExpired = false);

/// <summary>What a listing shall bring.</summary>
internal sealed record ListQuery
{
    /// <summary>A label selector; null for all.</summary>
    public string? Selector { get; init; }

    /// <summary>Most objects of one page.</summary>
    public required int Limit { get; init; }

    /// <summary>Where the page before ended; null for the first.</summary>
    public string? Continue { get; init; }

    /// <summary>The resourceVersion that the listing must be of; null for the newest.</summary>
    public string? Exactly { get; init; }

    /// <summary>The query of the URL.</summary>
    public string ToQueryString()
    {
        var text = new StringBuilder("?limit=").Append(Limit.ToString(CultureInfo.InvariantCulture));
        if (Selector is not null)
            text.Append("&labelSelector=").Append(Uri.EscapeDataString(Selector));
        if (Continue is not null)
            text.Append("&continue=").Append(Uri.EscapeDataString(Continue));
        else if (Exactly is not null)
            text.Append("&resourceVersionMatch=Exact&resourceVersion=").Append(Uri.EscapeDataString(Exactly));
        return text.ToString();
    }
}
