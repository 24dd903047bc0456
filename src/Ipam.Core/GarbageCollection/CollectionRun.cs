using Ipam.Core.Reconciliation;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// A collection from its begin to its end: watches the nodes, looks for leaks, waits out the grace period of those that it finds, and releases them. It takes no
/// longer than its collector's watch and the grace period, and a few passes.
/// </summary>
/// <param name="collector">Makes the passes; has not made any.</param>
/// <param name="grace">The collector's grace period.</param>
/// <param name="time">The clock.</param>
public sealed class CollectionRun(LeakCollector collector, TimeSpan grace, TimeProvider time)
{
    /// <summary>How often nodes that are watched are looked at.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private readonly List<LeakRelease> _released = [];
    private readonly Dictionary<(RefusedRelease Reason, string Source), PassRefusal> _refusals = [];
    private readonly List<string> _failures = [];

    /// <summary>Collects.</summary>
    /// <param name="onlyLooks">Whether to end at the first look that shows all, and to release nothing.</param>
    /// <param name="mayRelease">Whether leases may still be released.</param>
    /// <param name="waits">Is told what is waited for, and how long at most.</param>
    /// <param name="cancellationToken">Cancels it; what was released stays so.</param>
    /// <returns>The last pass, with all that was released and refused since the begin.</returns>
    public async Task<CollectionReport> RunAsync(bool onlyLooks, Func<bool> mayRelease, Action<string, TimeSpan> waits, CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        long? watchedAt = null;
        bool? told = null;
        while (true)
        {
            // A pass shows what was when it began, however long it takes.
            var watched = time.GetElapsedTime(beganAt);
            var report = await collector.PassAsync(() => !onlyLooks && mayRelease(), cancellationToken);
            Add(report);
            if (report.Unwatched == 0 || watched > collector.Watch + BetweenLooks)
                watchedAt ??= time.GetTimestamp();
            var isOver = watchedAt is { } since
                && (onlyLooks || report.IsCutShort || report.Suspects.Count == 0 || !mayRelease() || time.GetElapsedTime(since) > grace);
            if (isOver)
                return report with { Released = _released, Refusals = [.. _refusals.Values], Failures = _failures };
            var isWatched = watchedAt is not null;
            if (told != isWatched)
                waits(isWatched ? "out the grace period" : "for signs of the nodes' ipamds", isWatched ? grace : collector.Watch);
            told = isWatched;
            await Task.Delay(Pause(isWatched), time, cancellationToken);
        }
    }

    private TimeSpan Pause(bool isWatched)
    {
        if (!isWatched || collector.NextDue is not { } due)
            return BetweenLooks < collector.Watch / 3 ? BetweenLooks : collector.Watch / 3;
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        return left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : BetweenLooks;
    }

    private void Add(CollectionReport report)
    {
        _released.AddRange(report.Released);
        _failures.AddRange(report.Failures.Except(_failures).ToArray());
        foreach (var refusal in report.Refusals)
            _refusals[(refusal.Reason, refusal.Source)] = refusal;
    }
}
