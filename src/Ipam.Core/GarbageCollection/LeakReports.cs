using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;

namespace Ipam.Core.GarbageCollection;

/// <summary>Reports of checks of one store, by which leaks are to be released: only what every one of them names. There is at least one.</summary>
public sealed class LeakReports(IReadOnlyList<LeakReport> reports)
{
    /// <summary>The oldest report that is believed: too much may have happened since.</summary>
    public static TimeSpan LongestAge { get; } = TimeSpan.FromDays(7);

    /// <summary>A sentence on why they can't be used; null if they can.</summary>
    /// <param name="identity">The identity of the store's data.</param>
    /// <param name="clusterUid">The UID of its cluster; empty if it belongs to none.</param>
    /// <param name="now">The time of day: reports come from other machines, and have nothing else.</param>
    public string? Objection(string identity, string clusterUid, DateTimeOffset now)
    {
        foreach (var report in reports)
        {
            if (report.Identity != identity)
                return $"{report.Name} is of a store with the identity {report.Identity}, and this one has {identity}";
            if (report.ClusterUid != clusterUid)
                return $"{report.Name} is of the cluster {Named(report.ClusterUid)}, and this one is {Named(clusterUid)}";
            if (report.At > now)
                return $"{report.Name} is from the future: check the clocks of this machine and of the one that made it";
            if (now - report.At > LongestAge)
                return $"{report.Name} is older than {LongestAge.TotalDays} days; make another one with 'ipamctl check'";
        }
        return null;
    }

    /// <summary>What every report names. The first reading is that of the oldest report.</summary>
    /// <param name="now">The time of day.</param>
    /// <param name="time">Tells what that is on the monotonic clock.</param>
    public IReadOnlyDictionary<LeaseToken, EarlierFinding> InAll(DateTimeOffset now, TimeProvider time)
    {
        var first = reports.MinBy(static report => report.At)!;
        var since = time.GetTimestamp() - (long)((now - first.At).TotalSeconds * time.TimestampFrequency);
        var others = reports.Where(report => report != first).Select(static report => report.Leaks.Select(static leak => leak.Lease).ToHashSet()).ToArray();
        var named = new Dictionary<LeaseToken, EarlierFinding>();
        foreach (var leak in first.Leaks.Where(leak => Array.TrueForAll(others, other => other.Contains(leak.Lease))))
            named[leak.Lease] = new EarlierFinding(leak.Source, since, leak.Finding);
        return named;
    }

    private static string Named(string clusterUid) => clusterUid.Length == 0 ? "none" : clusterUid;
}

/// <summary>The leaks that a check found.</summary>
/// <param name="Name">How the report is called, for messages.</param>
/// <param name="At">When its last reading ended.</param>
/// <param name="Identity">The identity of the store's data.</param>
/// <param name="ClusterUid">The UID of the store's cluster; empty if it belongs to none.</param>
/// <param name="Leaks">The leaks.</param>
public sealed record LeakReport(string Name, DateTimeOffset At, string Identity, string ClusterUid, IReadOnlyList<ReportedLeak> Leaks);

/// <summary>A leak that a report names.</summary>
/// <param name="Lease">Which lease.</param>
/// <param name="Source">Which source found its owner gone.</param>
/// <param name="Finding">What that found.</param>
public sealed record ReportedLeak(LeaseToken Lease, string Source, string Finding);
