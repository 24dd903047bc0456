using Ipam.Core.Blocks;

namespace Ipam.Core.Reconciliation;

/// <summary>
/// Decides which leases are leaks: leases and evidence in, releases out, no I/O. One alive keeps. No evidence keeps. Unknown is not gone. A lease is released
/// if one source found its owner gone in two complete readings a grace period apart, both newer than the listing that has the lease, and no source found it
/// alive in between. Decisive evidence needs one reading. What is outside is none of its business. Not thread-safe.
/// </summary>
/// <param name="options">Limits.</param>
/// <param name="time">Compares timestamps of the monotonic clock. The time of day is never asked.</param>
/// <param name="earlier">What an earlier look found of some: it counts as a first reading, until an owner is found alive.</param>
public sealed class Reconciler(ReconcilerOptions options, TimeProvider time, IReadOnlyDictionary<LeaseToken, EarlierFinding>? earlier = null)
{
    private readonly Dictionary<LeaseToken, EarlierFinding> _earlier = earlier is null ? [] : new(earlier);
    private readonly Dictionary<string, Plausibility> _plausibility = [];
    private Dictionary<LeaseToken, Suspect> _suspects = [];

    /// <summary>Those under suspicion.</summary>
    public IReadOnlyCollection<Suspect> Suspects => _suspects.Values;

    /// <summary>When a reading may begin that can end a suspicion: a timestamp; null if there is none.</summary>
    public long? NextDue =>
        _suspects.Count == 0 ? null : _suspects.Values.Min(static suspect => suspect.Since) + (long)(options.Grace.TotalSeconds * time.TimestampFrequency);

    /// <summary>Judges leases by readings that were taken of their owners.</summary>
    /// <param name="leases">All leases that this reconciler judges.</param>
    /// <param name="listedAt">When they had been listed: a timestamp. A reading that began before knows nothing of the youngest of them.</param>
    /// <param name="readings">At most one of each source.</param>
    public PassReport Judge(IReadOnlyCollection<Lease> leases, long listedAt, IReadOnlyList<Reading> readings)
    {
        var refusals = new Refusals();
        var usable = readings.Select(reading => (Reading: reading, Objection: ObjectionTo(reading, listedAt))).ToArray();
        var suspects = new Dictionary<LeaseToken, Suspect>();
        var due = new List<LeakRelease>();
        var decisive = new List<LeakRelease>();
        foreach (var lease in leases)
        {
            if (lease.Owner.IsOutside)
                continue;
            var token = LeaseToken.Of(lease);
            var weighed = Weigh(lease, usable, refusals);
            if (weighed.IsAlive)
            {
                _earlier.Remove(token);
                continue;
            }
            if (weighed.Gone is not { } gone)
            {
                // What can't be used neither confirms a suspicion nor ends it.
                if (_suspects.TryGetValue(token, out var before))
                    suspects.Add(token, before);
                continue;
            }
            var (reading, evidence) = gone;
            if (evidence.IsDecisive)
            {
                decisive.Add(new LeakRelease(lease, reading.Source, evidence, evidence.Finding, TimeSpan.Zero));
                continue;
            }
            var suspect = _suspects.GetValueOrDefault(token) ?? SuspectedEarlier(lease, token);
            if (suspect?.Source != reading.Source)
                suspect = new Suspect(lease, reading.Source, reading.EndedAt, evidence.Finding);
            suspects[token] = suspect;
            var apart = time.GetElapsedTime(suspect.Since, reading.BeganAt);
            if (apart >= options.Grace)
                due.Add(new LeakRelease(lease, reading.Source, evidence, suspect.Finding, apart));
        }
        _suspects = suspects;
        var cap = Math.Max(options.CapFloor, (int)(options.CapShare * leases.Count));
        // The oldest first: none waits for ever.
        due.Sort((a, b) => (Since(a), a.Lease.Sequence).CompareTo((Since(b), b.Lease.Sequence)));
        if (due.Count > cap)
        {
            refusals.Add(RefusedRelease.Cap, due[cap].Source, due.Count - cap, $"a pass releases at most {cap} leases");
            due.RemoveRange(cap, due.Count - cap);
        }
        return new PassReport(leases.Count, suspects.Count + decisive.Count, [.. decisive, .. due], refusals.All);
    }

    /// <summary>
    /// Whether to carry a release out, after a fresh look at that one owner: by the source that found it gone, which must still say so. If not, the suspicion
    /// is over; were it gone, it would begin anew.
    /// </summary>
    public bool Confirm(LeakRelease release, Evidence look)
    {
        if (look.Verdict == Verdict.Gone && (look.IsDecisive || !release.Evidence.IsDecisive))
            return true;
        Forget(release.Lease);
        return false;
    }

    /// <summary>The release was carried out, or the lease turned out to be another one by now.</summary>
    public void Forget(Lease lease)
    {
        var token = LeaseToken.Of(lease);
        _suspects.Remove(token);
        _earlier.Remove(token);
    }

    private Suspect? SuspectedEarlier(Lease lease, LeaseToken token) =>
        _earlier.TryGetValue(token, out var found) ? new Suspect(lease, found.Source, found.Since, found.Finding) : null;

    private long Since(LeakRelease release) => _suspects[LeaseToken.Of(release.Lease)].Since;

    /// <summary>
    /// Whether any reading finds the owner alive; if none does, the reading that finds it gone. A reading that can't be believed may hide that it lives, so beside
    /// such a one no other counts either, but for decisive evidence.
    /// </summary>
    private static (bool IsAlive, (Reading Reading, Evidence Evidence)? Gone) Weigh(
        Lease lease, (Reading Reading, (RefusedRelease Reason, string Why)? Objection)[] readings, Refusals refusals)
    {
        (Reading Reading, Evidence Evidence)? gone = null;
        (Reading Reading, (RefusedRelease Reason, string Why) Objection)? doubt = null;
        foreach (var (reading, objection) in readings)
        {
            var evidence = reading.Of(lease);
            if (evidence.Verdict == Verdict.Alive)
                return (IsAlive: true, null);
            if (objection is { } why)
                doubt ??= (reading, why);
            if (evidence.Verdict == Verdict.Gone && (gone is null || (evidence.IsDecisive && !gone.Value.Evidence.IsDecisive)))
                gone = (reading, evidence);
        }
        if (gone is not { Evidence.IsDecisive: false } || doubt is not { } one)
            return (IsAlive: false, gone);
        refusals.Add(one.Objection.Reason, one.Reading.Source, 1, one.Objection.Why);
        return (IsAlive: false, null);
    }

    private (RefusedRelease Reason, string Why)? ObjectionTo(Reading reading, long listedAt)
    {
        if (!reading.IsComplete)
            return (RefusedRelease.Incomplete, $"{reading.Source} could not be read whole");
        if (!_plausibility.TryGetValue(reading.Source, out var plausibility))
            _plausibility.Add(reading.Source, plausibility = new Plausibility(time, options.BelieveShrunkAfter));
        return plausibility.Objection(reading) is { } why ? (RefusedRelease.Implausible, why)
            : reading.BeganAt < listedAt ? (RefusedRelease.Incomplete, $"{reading.Source} was read before the leases were")
            : null;
    }

    private sealed class Refusals
    {
        private readonly Dictionary<(RefusedRelease Reason, string Source), PassRefusal> _all = [];

        public IReadOnlyList<PassRefusal> All => [.. _all.Values];

        public void Add(RefusedRelease reason, string source, int leases, string why) =>
            _all[(reason, source)] = new PassRefusal(reason, source, leases + (_all.GetValueOrDefault((reason, source))?.Leases ?? 0), why);
    }
}
