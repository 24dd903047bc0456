using Ipam.Core.Ledger;
using Prometheus;

namespace Ipam.Service.Metrics;

/// <summary>Shows how full the ranges are.</summary>
internal static class UsageMetrics
{
    /// <summary>Writes it, in Prometheus' text format. Nothing is kept: ranges come and go.</summary>
    public static Task WriteAsync(Stream output, IReadOnlyList<RangeUsage> usage, CancellationToken cancellationToken)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        string[] labels = ["space", "range"];
        var all = metrics.CreateGauge("ipamsuite_range_addresses", "Addresses that a range can hand out, held or not.", labels);
        var used = metrics.CreateGauge("ipamsuite_range_addresses_used", "Addresses of a range that are held.", labels);
        var free = metrics.CreateGauge("ipamsuite_range_addresses_free", "Addresses of a range that are free.", labels);
        // Ranges that differ only in what they exclude between the same two addresses have the same labels. A series may appear once: the
        // one that has most is shown.
        foreach (var range in usage.OrderBy(static range => range.Size))
        {
            string[] values = [range.Space, range.Range.ToString()];
            all.WithLabels(values).Set((double)range.Size);
            used.WithLabels(values).Set(range.Held);
            free.WithLabels(values).Set((double)(range.Size - (UInt128)(range.Held + range.SetAside)));
        }
        return registry.CollectAndExportAsTextAsync(output, cancellationToken);
    }
}
