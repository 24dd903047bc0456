using Ipam.Core.Allocation;
using Ipam.Service.Metrics;
using Ipam.Service.Spool;
using Prometheus;

namespace Ipam.Service.Http;

/// <summary><c>/metrics</c>.</summary>
internal sealed class MetricsEndpoint(ServiceMetrics metrics, Allocator allocator, SpooledReleases spooled, Readiness readiness)
{
    public async Task ServeAsync(HttpContext http)
    {
        using var page = new MemoryStream();
        await metrics.WriteAsync(page, readiness.IsReady, spooled.Count, http.RequestAborted);
        if (readiness.IsReady)
            await UsageMetrics.WriteAsync(page, allocator.Usage, http.RequestAborted);
        await Answer.WriteAsync(http, StatusCodes.Status200OK, PrometheusConstants.TextContentTypeWithVersionAndEncoding, page.ToArray());
    }
}
