using System.Net;
using Ipam.Core.Stores;
using Ipam.Web.Html;
using Ipam.Web.Options;
using Ipam.Web.Pages;

namespace Ipam.Web.Http;

/// <summary>
/// Answers every request: with a page, a file or an error, and always with what keeps a browser safe. So many are worked on at a time, and each for so long at most.
/// </summary>
internal sealed class Site(WebOptions options, PageTable pages, LiveChanges changes, Gate? gate, Complaints complaints) : IDisposable
{
    private const int MostAtOnce = 16;

    /// <summary>More wait than anybody has patience for.</summary>
    private const int MostWaiting = 64;

    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HostNames _hosts = new(options);
    private readonly Assets _assets = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private int _present;

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        Protect(context.Response.Headers);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(Patience);
        var answer = await FindAsync(context, late.Token);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.StatusCode = answer.Status;
        if (answer.Allow is { } allow)
            context.Response.Headers.Allow = allow;
        if (answer.Status == (int)HttpStatusCode.Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (answer.IsLive)
            await changes.SendAsync(context);
        else if (answer.Asset is { } asset)
            await SendAsync(context, asset);
        else
            await SendAsync(context, answer);
    }

    public void Dispose() => _places.Dispose();

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
    }

    private async Task<Answer> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var isForm = gate is not null && HttpMethods.IsPost(request.Method) && PathOf(request) is [Gate.Form];
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !isForm)
            return Answer.Of(ErrorPage.Of(HttpStatusCode.MethodNotAllowed, "Only looking is possible here: GET and HEAD.")) with { Allow = "GET, HEAD" };
        if (!_hosts.Knows(request.Host))
            return Answer.Of(ErrorPage.Of(HttpStatusCode.MisdirectedRequest, $"This program answers for localhost only, and was asked for '{request.Host.Host}'. Start it with --host to let it have another name."));
        if (PathOf(request) is not { } path)
            return Answer.Of(ErrorPage.NotFound);
        if (path is ["assets", var name])
            return _assets.Find(name) is { } asset ? new Answer((int)HttpStatusCode.OK, asset, null) : Answer.Of(ErrorPage.NotFound);
        if (path is ["healthz"])
            return Answer.Of(ErrorPage.Of(HttpStatusCode.OK, "ok"));
        if (Interlocked.Increment(ref _present) > MostAtOnce + MostWaiting)
        {
            Interlocked.Decrement(ref _present);
            return Answer.Of(ErrorPage.Of(HttpStatusCode.ServiceUnavailable, "Too many look at once. Try again in a moment."));
        }
        try
        {
            await _places.WaitAsync(cancellationToken);
            try
            {
                return isForm ? await TakeAsync(context, cancellationToken)
                    : path is ["live"] ? await WatchAsync(request, cancellationToken)
                    : Answer.Of(await ReadAsync(request, token => pages.ReadAsync(new PageRequest(path, request.Query, options.BasePath), token), cancellationToken));
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return Answer.Of(ErrorPage.Of(HttpStatusCode.ServiceUnavailable, $"It took longer than {Patience.TotalSeconds:0} s. Try again in a moment."));
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    /// <summary>Lets a browser watch who may look.</summary>
    private async Task<Answer> WatchAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!changes.HasRoom)
            return Answer.Of(ErrorPage.Of(HttpStatusCode.ServiceUnavailable, "Too many watch at once. The pages work without."));
        var page = await ReadAsync(request, static _ => Task.FromResult(ErrorPage.Of(HttpStatusCode.OK, "live")), cancellationToken);
        return Answer.Of(page) with { IsLive = page.Status == HttpStatusCode.OK };
    }

    /// <summary>Reads a page for who may look.</summary>
    private async Task<PageContent> ReadAsync(HttpRequest request, Func<CancellationToken, Task<PageContent>> read, CancellationToken cancellationToken)
    {
        try
        {
            if (gate is not null && await gate.RefusalAsync(request, cancellationToken) is { } refusal)
                return refusal;
            return await read(cancellationToken);
        }
        catch (Exception e) when (e is StoreException or TimeoutException)
        {
            complaints.Add(e.Message);
            return ErrorPage.Of(HttpStatusCode.ServiceUnavailable, $"The store can't be read: {e.Message}");
        }
#pragma warning disable CA1031 // The edge of a request: whoever asked gets a page, and the others go on.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            complaints.Add($"{request.Path}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}");
            return ErrorPage.Of(HttpStatusCode.InternalServerError, "Something went wrong in this program. Its log says what.");
        }
    }

    /// <summary>Takes a token, and leads to the first page.</summary>
    private async Task<Answer> TakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (await gate!.TakeAsync(context, cancellationToken) is { } refusal)
                return Answer.Of(refusal);
            context.Response.Headers.Location = Link.To(options.BasePath).Text;
            return Answer.Of(ErrorPage.Of(HttpStatusCode.SeeOther, "The first page is elsewhere."));
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return Answer.Of(ErrorPage.Of(HttpStatusCode.BadRequest, "The form can't be read."));
        }
    }

    /// <summary>The names in the path; null if it isn't below the site's.</summary>
    private string[]? PathOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        if (!path.StartsWith(options.BasePath + "/", StringComparison.Ordinal))
            return path == options.BasePath ? [] : null;
        var rest = path[(options.BasePath.Length + 1)..];
        return rest.Length == 0 ? [] : [.. rest.Split('/').Select(Link.Unescape)];
    }

    private static async Task SendAsync(HttpContext context, Asset asset)
    {
        var response = context.Response;
        response.Headers.ETag = asset.Tag;
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == asset.Tag)
        {
            response.StatusCode = (int)HttpStatusCode.NotModified;
            return;
        }
        (response.ContentType, response.ContentLength) = (asset.Type, asset.Content.Length);
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Body.WriteAsync(asset.Content, context.RequestAborted);
    }

    private async Task SendAsync(HttpContext context, Answer answer)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        new Layout(options.BasePath, pages.StoreName).Write(new HtmlWriter(context.Response.BodyWriter), answer.Page!);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <param name="Status">The HTTP status.</param>
    /// <param name="Asset">The file; null for a page.</param>
    /// <param name="Page">The page; null for a file.</param>
    private sealed record Answer(int Status, Asset? Asset, PageContent? Page)
    {
        public string? Allow { get; init; }

        /// <summary>Whether it has no end.</summary>
        public bool IsLive { get; init; }

        public static Answer Of(PageContent page) => new((int)page.Status, null, page);
    }
}
