namespace Ipam.Core.Tests.Support.Time;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>; fires once.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, Action callback) : ITimer
{
    private volatile bool _disposed;

    public DateTimeOffset DueAt { get; set; }

    public void Fire()
    {
        if (!_disposed)
            callback();
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
            throw new NotSupportedException("timers that repeat aren't needed here");
        time.Schedule(this, dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        time.Schedule(this, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
