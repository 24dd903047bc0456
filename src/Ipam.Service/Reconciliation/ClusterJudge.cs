using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;
using Ipam.Service.Health;
using Ipam.Service.Metrics;
using Ipam.Service.Notices;

namespace Ipam.Service.Reconciliation;

/// <summary>
/// Releases the leases of nodes that nobody answers for, while this ipamd leads. A pass runs beside the other work, one at a time. A leader that loses the lead
/// forgets what it suspected: the next one finds out for itself. Not thread-safe.
/// </summary>
/// <param name="collectorOf">Makes a collector that knows nothing yet.</param>
/// <param name="isLeading">Whether this ipamd leads now.</param>
/// <param name="postings">Tells people of releases.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets a line for each release.</param>
internal sealed class ClusterJudge(
    Func<LeakCollector> collectorOf, Func<bool> isLeading, ReleasePostings postings, ServiceMetrics metrics, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    private LeakCollector? _collector;
    private Task _pass = Task.CompletedTask;
    private long _passedAt;
    private string _failure = "";

    /// <summary>Begins a pass, if it is time and none is under way.</summary>
    public void Turn(CancellationToken stopping)
    {
        if (!_pass.IsCompleted)
            return;
        if (!isLeading())
        {
            _collector = null;
            return;
        }
        var now = time.GetTimestamp();
        var isDue = _collector is null || time.GetElapsedTime(_passedAt, now) >= Interval || (_collector.NextDue is { } due && due <= now && due > _passedAt);
        if (!isDue)
            return;
        _passedAt = now;
        _pass = PassAsync(_collector ??= collectorOf(), stopping);
    }

    /// <summary>Forgets what it suspected, once no pass is under way.</summary>
    public async Task BeginAnewAsync()
    {
        await _pass;
        _collector = null;
    }

    /// <summary>Completes when no pass is under way.</summary>
    public Task CloseAsync() => _pass;

    private async Task PassAsync(LeakCollector collector, CancellationToken stopping)
    {
        try
        {
            Tell(await collector.PassAsync(isLeading, stopping));
            _failure = "";
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was released stays so, and the next leader does the rest.
        }
        catch (Exception e)
        {
            // A pass that fails is made again; what keeps failing is said once.
            var failure = FaultText.Of(e);
            if (failure != _failure)
                Log.MaintenanceFailed(log, failure);
            _failure = failure;
        }
    }

    private void Tell(CollectionReport report)
    {
        foreach (var refusal in report.Refusals)
        {
            metrics.Refused(refusal.Reason, refusal.Leases);
            Log.ReleasesRefused(log, refusal.Leases, refusal.Source, refusal.Why);
        }
        foreach (var release in report.Released)
            Tell(release);
        postings.Add(report.Released);
        foreach (var failure in report.Failures)
            Log.MaintenanceFailed(log, failure);
    }

    private void Tell(LeakRelease release)
    {
        if (!release.Lease.Owner.IsContainer)
        {
            Log.LeaseExpired(log, release.Lease, release.Because);
            return;
        }
        metrics.Released(release.Evidence.Cause);
        Log.LeakReleased(log, release);
    }
}
