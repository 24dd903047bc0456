using Ipam.Core.Allocation;
using Ipam.Service.Health;
using Ipam.Service.Metrics;
using Ipam.Service.Pools;
using Ipam.Service.Spool;
using Prometheus;

namespace Ipam.Service.Http;

/// <summary><c>/metrics</c>, in Prometheus' text format or, for those who ask for it, as OpenMetrics.</summary>
/// <param name="metrics">What is counted.</param>
/// <param name="readiness">Whether the store is open.</param>
/// <param name="health">Whether it serves.</param>
/// <param name="pools">Knows how full the pools are.</param>
/// <param name="allocator">Knows how full the ranges are; null where no node is served.</param>
/// <param name="spooled">Knows how many releases wait; null where no node is served.</param>
internal sealed class MetricsEndpoint(
    ServiceMetrics metrics, Readiness readiness, StoreHealth health, PoolStatusReporter pools, Allocator? allocator = null, SpooledReleases? spooled = null)
{
    private const string OpenMetrics = "application/openmetrics-text";

    public async Task ServeAsync(HttpContext http)
    {
        var isOpenMetrics = http.Request.Headers.Accept.Any(static accept => accept?.Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase) == true);
        var (format, type) = isOpenMetrics
            ? (ExpositionFormat.OpenMetricsText, PrometheusConstants.OpenMetricsContentTypeWithVersionAndEncoding)
            : (ExpositionFormat.PrometheusText, PrometheusConstants.TextContentTypeWithVersionAndEncoding);
        using var page = new MemoryStream();
        await metrics.WriteAsync(
            page, format, new Levels(readiness.IsReady, !health.HasFailed, spooled?.Count ?? 0, allocator?.Queues ?? default), http.RequestAborted);
        if (readiness.IsReady)
        {
            // The page goes on behind its first part.
            if (isOpenMetrics)
                page.SetLength(page.Length - "# EOF\n"u8.Length);
            await UsageMetrics.WriteAsync(page, format, allocator?.Usage ?? [], pools.Usage, pools.Forecasts, http.RequestAborted);
        }
        await Answer.WriteAsync(http, StatusCodes.Status200OK, type, page.ToArray());
    }
}
