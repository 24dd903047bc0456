using System.Text;

namespace Ipam.Service.Http;

/// <summary>The pages about the service itself.</summary>
internal sealed class PageRouter(HealthEndpoint health, MetricsEndpoint metrics)
{
    /// <summary>The paths of the pages, for people.</summary>
    public const string Paths = "GET /healthz, /readyz, /metrics";

    /// <summary>Serves a page, where there are only pages.</summary>
    public Task ServeAsync(HttpContext http) => ServeAsync(http, Paths);

    /// <summary>Serves a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="paths">All that is served where it came, for the refusal of what isn't.</param>
    public Task ServeAsync(HttpContext http, string paths) => http.Request.Path.Value switch
    {
        "/healthz" => ServeAsync(http, paths, static page => Answer.WriteAsync(page, StatusCodes.Status200OK, Answer.PlainText, "ok\n"u8.ToArray())),
        "/readyz" => ServeAsync(http, paths, health.ServeReadyAsync),
        "/metrics" => ServeAsync(http, paths, metrics.ServeAsync),
        _ => RefuseAsync(http, StatusCodes.Status404NotFound, $"not found; there are {paths}\n"),
    };

    /// <summary>Says that a path is there, and not for this method.</summary>
    public static Task RefuseMethodAsync(HttpContext http, string allowed, string paths)
    {
        http.Response.Headers.Allow = allowed;
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, $"method {http.Request.Method} not allowed; there are {paths}\n");
    }

    private static Task ServeAsync(HttpContext http, string paths, Func<HttpContext, Task> serve) =>
        http.Request.Method == HttpMethods.Get ? serve(http) : RefuseMethodAsync(http, HttpMethods.Get, paths);

    private static Task RefuseAsync(HttpContext http, int status, string reason) =>
        Answer.WriteAsync(http, status, Answer.PlainText, Encoding.UTF8.GetBytes(reason));
}
