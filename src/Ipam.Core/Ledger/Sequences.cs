namespace Ipam.Core.Ledger;

/// <summary>
/// Hands out lease sequences. A sequence is the time in microseconds of the Unix epoch. If the clock stands still or goes back, it is the next
/// number. Not thread-safe.
/// </summary>
internal sealed class Sequences
{
    private long _last;

    private static long At(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds() * 1000 + instant.Microsecond;

    /// <summary>A sequence that was not handed out before, not even for a lease that was never written.</summary>
    /// <param name="last">The last sequence of the block, which may come from a clock that is ahead of this one.</param>
    /// <param name="now">The time.</param>
    public long Next(long last, DateTimeOffset now)
    {
        _last = Math.Max(_last + 1, At(now));
        return Math.Max(last + 1, _last);
    }
}
