using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Spool;
using Prometheus;

namespace Ipam.Service.Http;

/// <summary><c>/metrics</c>.</summary>
internal sealed class MetricsEndpoint(ServiceMetrics metrics, Allocator allocator, SpooledReleases spooled, Readiness readiness, ILogger log)
{
    /// <summary>Less than a scraper has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task ServeAsync(HttpContext http)
    {
        using var page = new MemoryStream();
        await metrics.WriteAsync(page, readiness.IsReady, spooled.Count, http.RequestAborted);
        if (readiness.IsReady)
            await WriteUsageAsync(page, http.RequestAborted);
        await Answer.WriteAsync(http, StatusCodes.Status200OK, PrometheusConstants.TextContentTypeWithVersionAndEncoding, page.ToArray());
    }

    /// <summary>The page is worth having without the usage: that the store fails, or hangs, is what its reader is about to look for.</summary>
    private async Task WriteUsageAsync(MemoryStream page, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            await UsageMetrics.WriteAsync(page, await allocator.UsageAsync(bounded.Token), cancellationToken);
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
