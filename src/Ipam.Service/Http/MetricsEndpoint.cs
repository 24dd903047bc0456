using Ipam.Core.Allocation;
using Ipam.Service.Metrics;
using Ipam.Service.Spool;
using Prometheus;

namespace Ipam.Service.Http;

/// <summary><c>/metrics</c>.</summary>
/// <param name="metrics">What is counted.</param>
/// <param name="readiness">Whether the store is open.</param>
/// <param name="allocator">Knows how full the ranges are; null where no node is served.</param>
/// <param name="spooled">Knows how many releases wait; null where no node is served.</param>
internal sealed class MetricsEndpoint(ServiceMetrics metrics, Readiness readiness, Allocator? allocator = null, SpooledReleases? spooled = null)
{
    public async Task ServeAsync(HttpContext http)
    {
        using var page = new MemoryStream();
        await metrics.WriteAsync(page, readiness.IsReady, spooled?.Count ?? 0, http.RequestAborted);
        if (readiness.IsReady && allocator is not null)
            await UsageMetrics.WriteAsync(page, allocator.Usage, http.RequestAborted);
        await Answer.WriteAsync(http, StatusCodes.Status200OK, PrometheusConstants.TextContentTypeWithVersionAndEncoding, page.ToArray());
    }
}
