using System.Net;

namespace Ipam.Web.Pages;

/// <summary>Pages that say why there is no other.</summary>
internal static class ErrorPage
{
    /// <summary>There is no such thing.</summary>
    public static PageContent NotFound { get; } = Of(HttpStatusCode.NotFound, "There is nothing here.");

    /// <summary>Says a sentence.</summary>
    public static PageContent Of(HttpStatusCode status, string why) => new(TitleOf(status), html => html.Element("p", why)) { Status = status };

    private static string TitleOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK => "OK",
        HttpStatusCode.NotFound => "Not found",
        HttpStatusCode.BadRequest => "Not understood",
        HttpStatusCode.Unauthorized => "Who are you?",
        HttpStatusCode.Forbidden => "Not allowed",
        HttpStatusCode.ServiceUnavailable => "Not now",
        _ => "It can't be done",
    };
}
