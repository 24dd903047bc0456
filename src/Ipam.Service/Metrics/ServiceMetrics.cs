using System.Collections.Concurrent;

namespace Ipam.Service.Metrics;

/// <summary>What the service counts. Safe for use by several threads at once.</summary>
internal sealed class ServiceMetrics
{
    private readonly ConcurrentDictionary<(string Verb, string Result), Histogram> _requests = new();
    private readonly Histogram _batchRequests = new(Histogram.Counts);
    private readonly Histogram _batchBlocks = new(Histogram.Counts);
    private readonly Histogram _commitSeconds = new(Histogram.Seconds);
    private long _conflicts;

    /// <summary>A request was answered.</summary>
    /// <param name="verb">The verb, upper case.</param>
    /// <param name="result"><c>ok</c>, <c>spooled</c>, or the code of the error.</param>
    /// <param name="duration">From its arrival to its answer.</param>
    public void Served(string verb, string result, TimeSpan duration) =>
        _requests.GetOrAdd((verb, result), static _ => new Histogram(Histogram.Seconds)).Observe(duration.TotalSeconds);

    /// <summary>The store answered a commit.</summary>
    public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
    {
        _batchRequests.Observe(requests);
        _batchBlocks.Observe(blocks);
        _commitSeconds.Observe(duration.TotalSeconds);
        Interlocked.Add(ref _conflicts, conflicts);
    }

    public void Write(PrometheusText text)
    {
        text.Metric("ipam_request_duration_seconds", "histogram", "Time from a request's arrival to its answer, by verb and result.");
        foreach (var ((verb, result), histogram) in _requests.OrderBy(static r => r.Key))
            histogram.Write(text, "ipam_request_duration_seconds", $"{PrometheusText.Label("verb", verb)},{PrometheusText.Label("result", result)}");
        text.Metric("ipam_commit_requests", "histogram", "Requests carried by one commit.");
        _batchRequests.Write(text, "ipam_commit_requests", "");
        text.Metric("ipam_commit_blocks", "histogram", "Blocks changed by one commit.");
        _batchBlocks.Write(text, "ipam_commit_blocks", "");
        text.Metric("ipam_commit_duration_seconds", "histogram", "Time the store took for one commit.");
        _commitSeconds.Write(text, "ipam_commit_duration_seconds", "");
        text.Metric("ipam_commit_conflicts_total", "counter", "Blocks that somebody else had changed meanwhile.");
        text.Sample("ipam_commit_conflicts_total", "", Interlocked.Read(ref _conflicts));
    }
}
