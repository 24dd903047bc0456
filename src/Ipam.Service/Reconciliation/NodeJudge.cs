using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Mirror;
using Ipam.Service.Notices;
using Ipam.Service.Releases;

namespace Ipam.Service.Reconciliation;

/// <summary>
/// Releases the leases of this machine whose owner is gone and whose DEL never came. Asks neither the store nor anybody else: it judges what memory holds, by
/// what the machine shows. Not thread-safe.
/// </summary>
/// <param name="allocator">Knows the leases, and releases them.</param>
/// <param name="namespaces">Says who lives.</param>
/// <param name="mirror">Knows which leases are this machine's.</param>
/// <param name="adds">Knows the ADDs that run: their owners are about to live.</param>
/// <param name="grace">The grace period; zero: leaks are counted and never released.</param>
/// <param name="postings">Tells people of releases.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets a line for each release.</param>
internal sealed class NodeJudge(
    Allocator allocator, NamespaceSource namespaces, MirrorFile mirror, RecentAdds adds, TimeSpan grace, ReleasePostings postings, ServiceMetrics metrics,
    TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>So many releases wait at once: they fill a commit.</summary>
    private const int AtOnce = 512;

    private readonly Reconciler _reconciler = new(new ReconcilerOptions { Grace = grace }, time);
    private long? _judgedAt;
    private int _toldLeaks;

    /// <summary>Judges, if it is time: at the first call, every 15 s, and when a grace period ends.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (_judgedAt is not { } last || time.GetElapsedTime(last, now) >= Interval || (_reconciler.NextDue is { } due && due <= now && due > last))
        {
            _judgedAt = now;
            await JudgeAsync(cancellationToken);
        }
    }

    private async Task JudgeAsync(CancellationToken cancellationToken)
    {
        var names = mirror.Names.ToHashSet();
        var leases = await allocator.ListAsync(lease => lease.Owner.EndsWithNode && names.Contains(lease.Node) && mirror.IsOfThisMachine(lease), cancellationToken);
        var listedAt = time.GetTimestamp();
        var report = _reconciler.Judge(leases, listedAt, [namespaces.Read(leases)]);
        foreach (var refusal in report.Refusals)
            Refused(refusal);
        var released = 0;
        try
        {
            if (grace == TimeSpan.Zero)
                Tell(report);
            else if (report.Releases.Count > 0)
                released = await ReleaseAsync(report.Releases, listedAt, cancellationToken);
        }
        finally
        {
            metrics.Leaks(report.Leaks - released);
        }
    }

    private async Task<int> ReleaseAsync(IReadOnlyList<LeakRelease> releases, long listedAt, CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var some in releases.Chunk(AtOnce))
        {
            var look = namespaces.LookAgain();
            var confirmed = some.Where(release => IsConfirmed(release, look(release.Lease))).ToArray();
            var done = await Task.WhenAll(confirmed.Select(release => ReleaseAsync(release, listedAt, cancellationToken)));
            var gone = confirmed.Where((_, i) => done[i]).ToArray();
            postings.Add(gone);
            released += gone.Length;
        }
        return released;
    }

    private bool IsConfirmed(LeakRelease release, Evidence look)
    {
        if (_reconciler.Confirm(release, look))
            return true;
        var found = look.Verdict == Verdict.Unknown ? "it can't be seen any more" : look.Finding;
        Refused(new PassRefusal(RefusedRelease.FreshLook, release.Source, 1, $"{release.Lease.Address} of {release.Lease.Owner}: {found}"));
        return false;
    }

    private async Task<bool> ReleaseAsync(LeakRelease release, long listedAt, CancellationToken cancellationToken)
    {
        var lease = release.Lease;
        try
        {
            // An ADD of the owner may have been answered with the very lease since it was listed.
            var isReleased = await allocator.ReleaseAsync(
                lease, ReleaseCause.Reconciliation, release.Because, held => adds.IsAnsweredSince(held.Owner, listedAt), cancellationToken);
            _reconciler.Forget(lease);
            if (isReleased)
            {
                metrics.Released(release.Evidence.Cause);
                Log.LeakReleased(log, release);
            }
            return isReleased;
        }
        catch (StoreException e)
        {
            Log.LeakNotReleased(log, lease.Address, lease.Space, lease.Owner, e.Message);
            return false;
        }
    }

    private void Refused(PassRefusal refusal)
    {
        metrics.Refused(refusal.Reason, refusal.Leases);
        Log.ReleasesRefused(log, refusal.Leases, refusal.Source, refusal.Why);
    }

    /// <summary>Says how many leaks there are, when that has changed.</summary>
    private void Tell(PassReport report)
    {
        if (report.Leaks != _toldLeaks)
            Log.LeaksOnlyCounted(log, report.Leaks, report.Releases.Count > 0 ? $"{report.Releases[0].Lease.Address}: {report.Releases[0].Because}" : "");
        _toldLeaks = report.Leaks;
    }
}
