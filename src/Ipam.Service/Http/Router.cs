using System.Text;
using Cni.Protocol;

namespace Ipam.Service.Http;

/// <summary>What is served under which path.</summary>
internal sealed class Router(VerbEndpoint verbs, HealthEndpoint health, MetricsEndpoint metrics)
{
    private const string Paths = "POST /cni/add|del|check|status|gc and GET /healthz, /readyz, /metrics";

    public Task ServeAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/cni/add" => ServeVerbAsync(http, CniCommand.Add),
        "/cni/del" => ServeVerbAsync(http, CniCommand.Del),
        "/cni/check" => ServeVerbAsync(http, CniCommand.Check),
        "/cni/status" => ServeVerbAsync(http, CniCommand.Status),
        "/cni/gc" => ServeVerbAsync(http, CniCommand.Gc),
        "/healthz" => ServePageAsync(http, static page => Answer.WriteAsync(page, StatusCodes.Status200OK, Answer.PlainText, "ok\n"u8.ToArray())),
        "/readyz" => ServePageAsync(http, health.ServeReadyAsync),
        "/metrics" => ServePageAsync(http, metrics.ServeAsync),
        _ => RefuseAsync(http, StatusCodes.Status404NotFound, $"not found; there are {Paths}\n"),
    };

    private Task ServeVerbAsync(HttpContext http, CniCommand command) =>
        http.Request.Method == HttpMethods.Post ? verbs.ServeAsync(http, command) : RefuseMethodAsync(http, HttpMethods.Post);

    private static Task ServePageAsync(HttpContext http, Func<HttpContext, Task> serve) =>
        http.Request.Method == HttpMethods.Get ? serve(http) : RefuseMethodAsync(http, HttpMethods.Get);

    private static Task RefuseMethodAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, $"method {http.Request.Method} not allowed; there are {Paths}\n");
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason) =>
        Answer.WriteAsync(http, status, Answer.PlainText, Encoding.UTF8.GetBytes(reason));
}
