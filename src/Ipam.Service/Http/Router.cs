using Cni.Protocol;

namespace Ipam.Service.Http;

/// <summary>What is served under which path: the verbs, and the pages about the service itself; on a port of its own the node's history.</summary>
/// <param name="verbs">The verbs.</param>
/// <param name="pages">The pages.</param>
/// <param name="history">The history; null if it isn't served.</param>
/// <param name="historyPort">The port where only it is served.</param>
internal sealed class Router(VerbEndpoint verbs, PageRouter pages, HistoryEndpoint? history, int? historyPort)
{
    private const string Paths = $"POST /cni/add|del|check|status|gc and {PageRouter.Paths}";

    public Task ServeAsync(HttpContext http) => IsOverTcp(http) ? ServeAnybodyAsync(http) : http.Request.Path.Value switch
    {
        "/cni/add" => ServeVerbAsync(http, CniCommand.Add),
        "/cni/del" => ServeVerbAsync(http, CniCommand.Del),
        "/cni/check" => ServeVerbAsync(http, CniCommand.Check),
        "/cni/status" => ServeVerbAsync(http, CniCommand.Status),
        "/cni/gc" => ServeVerbAsync(http, CniCommand.Gc),
        _ => pages.ServeAsync(http, Paths),
    };

    /// <summary>Whoever asks over TCP may be anybody, and gets no more than the pages.</summary>
    private static bool IsOverTcp(HttpContext http) => http.Connection.LocalIpAddress is not null;

    private Task ServeAnybodyAsync(HttpContext http) =>
        history is not null && http.Connection.LocalPort == historyPort ? history.ServeAsync(http) : pages.ServeAsync(http);

    private Task ServeVerbAsync(HttpContext http, CniCommand command) =>
        http.Request.Method == HttpMethods.Post ? verbs.ServeAsync(http, command) : PageRouter.RefuseMethodAsync(http, HttpMethods.Post, Paths);
}
