namespace Ipam.Core.Tests.Support.Time;

/// <summary>
/// A clock that stands still until told otherwise. Waits of less than a second are over at once, so that a pause between two attempts
/// needs no hand; longer ones end by <see cref="Advance"/>.
/// </summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = Some.Instant;

    /// <summary>How far the clock goes on whenever it is read.</summary>
    public TimeSpan Tick { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now += Tick;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, backwards too, and fires what is due.</summary>
    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += by;
            due = _timers.FindAll(timer => timer.DueAt <= _now);
            _timers.RemoveAll(due.Contains);
        }
        due.ForEach(static timer => timer.Fire());
    }

    public void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            if (dueTime >= ShortWait)
            {
                timer.DueAt = _now + dueTime;
                _timers.Add(timer);
                return;
            }
        }
        ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
    }
}
