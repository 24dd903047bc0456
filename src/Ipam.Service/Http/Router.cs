using System.Text;
using Cni.Protocol;

namespace Ipam.Service.Http;

/// <summary>What is served under which path.</summary>
internal sealed class Router(VerbEndpoint verbs, HealthEndpoint health, MetricsEndpoint metrics)
{
    private const string Pages = "GET /healthz, /readyz, /metrics";
    private const string Paths = $"POST /cni/add|del|check|status|gc and {Pages}";

    public Task ServeAsync(HttpContext http) => IsOverTcp(http) ? ServePageAsync(http) : http.Request.Path.Value switch
    {
        "/cni/add" => ServeVerbAsync(http, CniCommand.Add),
        "/cni/del" => ServeVerbAsync(http, CniCommand.Del),
        "/cni/check" => ServeVerbAsync(http, CniCommand.Check),
        "/cni/status" => ServeVerbAsync(http, CniCommand.Status),
        "/cni/gc" => ServeVerbAsync(http, CniCommand.Gc),
        _ => ServePageAsync(http),
    };

    private Task ServePageAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/healthz" => ServePageAsync(http, static page => Answer.WriteAsync(page, StatusCodes.Status200OK, Answer.PlainText, "ok\n"u8.ToArray())),
        "/readyz" => ServePageAsync(http, health.ServeReadyAsync),
        "/metrics" => ServePageAsync(http, metrics.ServeAsync),
        _ => RefuseAsync(http, StatusCodes.Status404NotFound, $"not found; there are {PathsOf(http)}\n"),
    };

    /// <summary>Whoever asks over TCP may be anybody, and gets no more than the pages.</summary>
    private static bool IsOverTcp(HttpContext http) => http.Connection.LocalIpAddress is not null;

    private static string PathsOf(HttpContext http) => IsOverTcp(http) ? Pages : Paths;

    private Task ServeVerbAsync(HttpContext http, CniCommand command) =>
        http.Request.Method == HttpMethods.Post ? verbs.ServeAsync(http, command) : RefuseMethodAsync(http, HttpMethods.Post);

    private static Task ServePageAsync(HttpContext http, Func<HttpContext, Task> serve) =>
        http.Request.Method == HttpMethods.Get ? serve(http) : RefuseMethodAsync(http, HttpMethods.Get);

    private static Task RefuseMethodAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, $"method {http.Request.Method} not allowed; there are {PathsOf(http)}\n");
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason) =>
        Answer.WriteAsync(http, status, Answer.PlainText, Encoding.UTF8.GetBytes(reason));
}
