namespace Testing;

/// <summary>A clock on which time passes by waiting alone: a wait is over at once, and its time has passed.</summary>
/// <param name="now">When it begins.</param>
public sealed class PassingTime(DateTimeOffset now) : TimeProvider
{
    private long _passed;

    /// <summary>What happens while somebody waits; is told how much time has passed when the wait is over.</summary>
    public Action<TimeSpan> Passing { get; set; } = static _ => { };

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now + Passed;

    public override long GetTimestamp() => Interlocked.Read(ref _passed);

    /// <summary>How much time has passed.</summary>
    public TimeSpan Passed => TimeSpan.FromTicks(Interlocked.Read(ref _passed));

    /// <summary>Lets time pass that nobody waits for.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero)
            return System.CreateTimer(callback, state, dueTime, period);
        Pass(dueTime);
        Passing(Passed);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
