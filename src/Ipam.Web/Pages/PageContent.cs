using System.Net;
using Ipam.Web.Html;

namespace Ipam.Web.Pages;

/// <summary>A page, read and ready to be written.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Body">Writes what is below the title.</param>
internal sealed record PageContent(string Title, Action<HtmlWriter> Body)
{
    /// <summary>How the request ended.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The part of the site that it is of: one of <see cref="Layout.Parts"/>; empty for none.</summary>
    public string Part { get; init; } = "";

    /// <summary>After how many seconds a browser is to load it again, as something is under way; null for never.</summary>
    public int? AgainAfter { get; init; }

    /// <summary>Whether a browser loads it again when the store has changed.</summary>
    public bool IsLive { get; init; }

    /// <summary>What was looked for, for the field to look again.</summary>
    public string Search { get; init; } = "";
}
