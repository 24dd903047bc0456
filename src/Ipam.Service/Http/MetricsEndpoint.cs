using System.Text;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Spool;

namespace Ipam.Service.Http;

/// <summary><c>/metrics</c>.</summary>
internal sealed class MetricsEndpoint(ServiceMetrics metrics, Allocator allocator, SpooledReleases spooled, Readiness readiness, ILogger log)
{
    /// <summary>Less than a scraper has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task ServeAsync(HttpContext http)
    {
        var text = new PrometheusText();
        text.Metric("ipam_ready", "gauge", "1 once the store is open and its blocks are loaded.").Sample("ipam_ready", "", readiness.IsReady ? 1 : 0);
        text.Metric("ipam_spooled_releases", "gauge", "Releases written down, to be carried out.").Sample("ipam_spooled_releases", "", spooled.Count);
        metrics.Write(text);
        if (readiness.IsReady)
            await WriteUsageAsync(text, http.RequestAborted);
        await Answer.WriteAsync(http, StatusCodes.Status200OK, PrometheusText.ContentType, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The page is worth having without the usage: that the store fails, or hangs, is what its reader is about to look for.</summary>
    private async Task WriteUsageAsync(PrometheusText text, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            UsageMetrics.Write(text, await allocator.UsageAsync(bounded.Token));
        }
        catch (StoreException e)
        {
            Log.UsageMissing(log, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.UsageMissing(log, $"the store has kept the allocator waiting for {Patience.TotalSeconds} s");
        }
    }
}
