using Ipam.Core.Allocation;
using Ipam.Core.Blocks;

namespace Ipam.Service.Releases;

/// <summary>
/// The ADDs that run, and those that ended a short while ago. It tells whether an ADD is younger than a DEL or a GC of the same owner, by the order in
/// which this process saw them and by no wall clock: clocks are set back. What it doesn't know was handed out by an earlier process, and is older
/// than whatever this one is asked. Safe for use by several threads at once.
/// </summary>
internal sealed class RecentAdds(TimeProvider time)
{
    /// <summary>Longer than a release that was asked for before is on its way to the spool, and waits there while the store is away for a while.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    /// <summary>What bounds the memory; more than a node adds in a minute.</summary>
    private const int MostKept = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Owner, Adds> _adds = [];
    private readonly Queue<(Owner Owner, long EndedAt)> _ended = new();

    /// <summary>An owner's ADD that arrived at <paramref name="beganAt"/> (a timestamp) begins. Dispose the answer when it ends.</summary>
    public RunningAdd Begin(Owner owner, long beganAt)
    {
        lock (_lock)
        {
            Forget(time.GetTimestamp());
            if (!_adds.TryGetValue(owner, out var adds))
                _adds.Add(owner, adds = new Adds());
            adds.Running++;
            adds.BeganLast = adds.Running == 1 ? beganAt : Math.Max(adds.BeganLast, beganAt);
            return new RunningAdd(this, owner, beganAt);
        }
    }

    /// <summary>Whether an ADD of the owner runs now.</summary>
    public bool IsRunning(Owner owner)
    {
        lock (_lock)
            return _adds.TryGetValue(owner, out var adds) && adds.Running > 0;
    }

    /// <summary>Whether an ADD of the owner runs now, or was answered after <paramref name="moment"/> (a timestamp).</summary>
    public bool IsAnsweredSince(Owner owner, long moment)
    {
        lock (_lock)
            return _adds.TryGetValue(owner, out var adds) && (adds.Running > 0 || (adds.Answer is not null && adds.AnsweredAt >= moment));
    }

    /// <summary>
    /// Whether a release that was asked for at <paramref name="askedAt"/> (a timestamp) must leave the lease alone: an ADD that began later answered
    /// with it, or still runs and may.
    /// </summary>
    public bool Spares(Lease lease, long askedAt)
    {
        lock (_lock)
            return _adds.TryGetValue(lease.Owner, out var adds) && ((adds.Running > 0 && adds.BeganLast > askedAt) || adds.AnsweredWith(lease, askedAt));
    }

    /// <summary>The same for a release that an ADD carries out before it takes anything: that ADD, which runs, doesn't count.</summary>
    public bool SparesBeforeAdd(Lease lease, long askedAt)
    {
        lock (_lock)
            return _adds.TryGetValue(lease.Owner, out var adds) && adds.AnsweredWith(lease, askedAt);
    }

    private void End(Owner owner, long beganAt, IReadOnlyList<AllocatedAddress>? answer)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var adds = _adds[owner];
            adds.Running--;
            if (answer is not null && (adds.Answer is null || beganAt > adds.AnswerBeganAt))
                (adds.Answer, adds.AnswerBeganAt, adds.AnsweredAt) = (answer, beganAt, now);
            adds.EndedAt = now;
            _ended.Enqueue((owner, now));
        }
    }

    private void Forget(long now)
    {
        while (_ended.TryPeek(out var ended) && (time.GetElapsedTime(ended.EndedAt, now) > Kept || _ended.Count > MostKept))
        {
            _ended.Dequeue();
            if (_adds.TryGetValue(ended.Owner, out var adds) && adds.Running == 0 && adds.EndedAt == ended.EndedAt)
                _adds.Remove(ended.Owner);
        }
    }

    /// <summary>One ADD, from its beginning to its end.</summary>
    internal sealed class RunningAdd(RecentAdds adds, Owner owner, long beganAt) : IDisposable
    {
        private IReadOnlyList<AllocatedAddress>? _answer;

        public Owner Owner => owner;

        /// <summary>When it arrived.</summary>
        public long BeganAt => beganAt;

        /// <summary>It succeeds with these addresses.</summary>
        public void Succeeds(IReadOnlyList<AllocatedAddress> answer) => _answer = answer;

        public void Dispose() => adds.End(owner, beganAt, _answer);
    }

    private sealed class Adds
    {
        public int Running { get; set; }

        public long BeganLast { get; set; }

        public long EndedAt { get; set; }

        /// <summary>What the last successful ADD was answered with; null if there was none.</summary>
        public IReadOnlyList<AllocatedAddress>? Answer { get; set; }

        public long AnswerBeganAt { get; set; }

        public long AnsweredAt { get; set; }

        /// <summary>Whether an ADD that began after a moment was answered with this very lease.</summary>
        public bool AnsweredWith(Lease lease, long moment) =>
            Answer is { } answer && AnswerBeganAt > moment && answer.Any(address => address.Lease.IsSameAs(lease));
    }
}
