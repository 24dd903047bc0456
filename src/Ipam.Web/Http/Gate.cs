using System.Net;
using Ipam.Core.Stores;
using Ipam.Web.Html;
using Ipam.Web.Pages;
using Ipam.Web.Reading;
using IpamSuite.Shared.Viewers;

namespace Ipam.Web.Http;

/// <summary>
/// Lets in who has a token of the cluster and may list our objects there. The token comes in the Authorization header, from a proxy, or in a cookie that a form here sets
/// and that no script can read. What the cluster said is kept for a short while, under the token's hash. Safe for use by several threads at once.
/// </summary>
/// <param name="viewers">Asks the cluster.</param>
/// <param name="basePath">The site's path.</param>
/// <param name="time">The clock.</param>
internal sealed class Gate(IViewers viewers, string basePath, TimeProvider time)
{
    /// <summary>What the form that gives a token is called.</summary>
    public const string Form = "login";

    private const string Cookie = "ipam-token";
    private const string Field = "token";

    private readonly KnownViewers _known = new(viewers, audience: null, StoreReads.Patience, time);

    /// <summary>The page that somebody gets in place of the one that he asked for; null if he may see that.</summary>
    /// <exception cref="StoreException">The cluster failed.</exception>
    /// <exception cref="TimeoutException">It didn't answer.</exception>
    public async Task<PageContent?> RefusalAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (TokenOf(request) is not { } token)
            return Ask("This site wants to know who you are.");
        var viewer = await _known.AskAsync(token, cancellationToken);
        return viewer.User is not { } user ? Ask("The cluster doesn't know this token, or its time is over.")
            : viewer.MayLook ? null
            : Ask($"'{user}' may not list the ipblocks, ippools and ipreservations of the cluster, which these pages show. The role ipam-viewer allows it.") with { Status = HttpStatusCode.Forbidden };
    }

    /// <summary>Takes a token that the form gives. Whether it is good shows with the next page.</summary>
    /// <returns>Null if it did; else why not.</returns>
    public async Task<PageContent?> TakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != request.Host.Value))
            return ErrorPage.Of(HttpStatusCode.Forbidden, "Another site sent this.");
        if (!request.HasFormContentType)
            return ErrorPage.Of(HttpStatusCode.BadRequest, "A form was expected.");
        var form = await request.ReadFormAsync(cancellationToken);
        var token = form[Field].ToString().Trim();
        if (token.Length > 0 && !BearerToken.IsToken(token))
            return Ask("That is no token.");
        context.Response.Cookies.Append(Cookie, token, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https",
            Path = $"{basePath}/",
            MaxAge = token.Length == 0 ? TimeSpan.Zero : null,
        });
        return null;
    }

    private static string? TokenOf(HttpRequest request) =>
        BearerToken.Of(request.Headers.Authorization is [var header] ? header : null) ?? (request.Cookies[Cookie] is { } cookie && BearerToken.IsToken(cookie) ? cookie : null);

    private PageContent Ask(string why) => new("Who are you?", html =>
    {
        html.Element("p", why, ("class", "answer"));
        html.Begin("form", ("class", "ask"), ("method", "post"), HtmlAttribute.Action(Link.To(basePath, Form)));
        html.Begin("span", ("class", "field")).Element("label", "A token of the cluster", ("for", Field));
        html.Void("input", ("id", Field), ("name", Field), ("type", "password"), ("autocomplete", "off"), ("size", "40"));
        html.End().Element("button", "Sign in").End();
        html.Begin("p").Text("'kubectl create token NAME' makes one of a service account. It stays in this browser until that is closed; an empty one takes it away.").End();
    })
    { Status = HttpStatusCode.Unauthorized };
}
