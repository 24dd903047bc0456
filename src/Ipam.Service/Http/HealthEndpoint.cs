using System.Text;
using Ipam.Core.Stores;
using Ipam.Service.Health;

namespace Ipam.Service.Http;

/// <summary><c>/readyz</c>: whether an ADD could be served, as far as the store goes: it answers, and its last commit didn't fail.</summary>
internal sealed class HealthEndpoint(IIpamStore store, Readiness readiness, StoreHealth health)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task ServeReadyAsync(HttpContext http)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        bounded.CancelAfter(Patience);
        try
        {
            readiness.Ensure();
            health.EnsureCommits();
            await store.PingAsync(bounded.Token).WaitAsync(bounded.Token);
            health.Served();
            await Answer.WriteAsync(http, StatusCodes.Status200OK, Answer.PlainText, "ready\n"u8.ToArray());
        }
        catch (StoreException e)
        {
            await RefuseAsync(http, e.Message);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(http, $"{store.Description} doesn't answer within {Patience.TotalSeconds} s");
        }
    }

    private static Task RefuseAsync(HttpContext http, string reason) =>
        Answer.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, Answer.PlainText, Encoding.UTF8.GetBytes($"not ready: {reason}\n"));
}
