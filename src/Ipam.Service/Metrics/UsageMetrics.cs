using Ipam.Core.Ledger;

namespace Ipam.Service.Metrics;

/// <summary>Writes how full the ranges are.</summary>
internal static class UsageMetrics
{
    public static void Write(PrometheusText text, IReadOnlyList<RangeUsage> usage)
    {
        // Ranges that differ only in what they exclude between the same two addresses have the same labels. A series may appear once: the
        // one that has most is shown.
        var ranges = usage.GroupBy(static range => (range.Space, range.Range))
            .Select(static same => same.MaxBy(static range => range.Size)!).ToList();
        Write(text, ranges, "ipam_range_addresses", "Addresses that a range can hand out, held or not.", static range => (double)range.Size);
        Write(text, ranges, "ipam_range_addresses_used", "Addresses of a range that are held.", static range => range.Held);
        Write(
            text, ranges, "ipam_range_addresses_free", "Addresses of a range that are free.",
            static range => (double)(range.Size - (UInt128)range.Held));
    }

    private static void Write(PrometheusText text, List<RangeUsage> ranges, string name, string help, Func<RangeUsage, double> value)
    {
        text.Metric(name, "gauge", help);
        foreach (var range in ranges)
            text.Sample(name, $"{PrometheusText.Label("space", range.Space)},{PrometheusText.Label("range", range.Range.ToString())}", value(range));
    }
}
