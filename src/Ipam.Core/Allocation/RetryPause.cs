namespace Ipam.Core.Allocation;

/// <summary>The pause of operations that met a conflict, before they are planned again. Those that met it in the same commit make the same pause, and go into one commit again.</summary>
internal sealed class RetryPause
{
    private readonly ITimer _timer;
    private volatile bool _isOver;

    /// <param name="length">How long it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wake">Called, from any thread, when it is over.</param>
    public RetryPause(TimeSpan length, TimeProvider time, Action wake)
    {
        // The call may come before the timer is assigned: it is disposed with the loop's help, or by the collector.
        _timer = time.CreateTimer(
            _ =>
            {
                _isOver = true;
                wake();
            },
            null, length, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it is over.</summary>
    public bool IsOver
    {
        get
        {
            if (_isOver)
                _timer.Dispose();
            return _isOver;
        }
    }
}
