namespace Ipam.Core.Allocation;

/// <summary>
/// The pause of operations that met a conflict, before they are planned again. It is random, so that two programs don't conflict again. Those that met it in
/// the same commit make the same pause, and go into one commit again. A conflict shows the block as it is at that moment, so the attempt after the one that follows a
/// pause goes at once: nobody is likely to have changed the block again.
/// </summary>
internal sealed class RetryPause
{
    private const int WithoutPause = 2;
    private const int MostDoublings = 7;

    private readonly ITimer _timer;
    private volatile bool _isOver;

    private RetryPause(TimeSpan length, TimeProvider time, Action wake)
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

    /// <summary>The pause after a conflict; up to 128 ms. Null after the first ones, as others are rarely as fast, and then after every second one.</summary>
    /// <param name="conflicts">How many there were.</param>
    /// <param name="random">Decides about its length.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wake">Called, from any thread, when it is over.</param>
    public static RetryPause? After(int conflicts, Random random, TimeProvider time, Action wake) => conflicts > WithoutPause && int.IsOddInteger(conflicts)
        ? new RetryPause(TimeSpan.FromMilliseconds(random.Next(1, 1 << Math.Min(conflicts, MostDoublings))), time, wake)
        : null;
}
