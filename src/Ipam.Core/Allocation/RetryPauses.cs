namespace Ipam.Core.Allocation;

/// <summary>
/// How long the pauses after conflicts are. They are random, so that two programs don't conflict again, and grow with the conflicts. What is in the way is the commits of others, so
/// none is longer than a few commits take: a pause that suits an API server would leave a block in Redis to nobody most of the time. A conflict shows the block as it is at that
/// moment, so the attempt after the one that follows a pause goes at once: nobody is likely to have changed the block again. Not thread-safe.
/// </summary>
/// <param name="random">Decides about their length.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Called, from any thread, when one is over.</param>
internal sealed class RetryPauses(Random random, TimeProvider time, Action wake)
{
    private const int WithoutPause = 2;
    private const int MostDoublings = 7;
    private const int MostCommits = 8;

    private TimeSpan _commit = TimeSpan.FromMilliseconds(1);

    /// <summary>A commit took so long.</summary>
    public void Learn(TimeSpan commit) => _commit += (commit - _commit) / MostCommits;

    /// <summary>The pause after a conflict; up to 128 ms. Null after the first ones, as others are rarely as fast, and then after every second one.</summary>
    /// <param name="conflicts">How many there were.</param>
    public RetryPause? After(int conflicts)
    {
        if (conflicts <= WithoutPause || int.IsEvenInteger(conflicts))
            return null;
        var most = Math.Min(TimeSpan.FromMilliseconds(1 << Math.Min(conflicts, MostDoublings)).Ticks, MostCommits * _commit.Ticks);
        return new RetryPause(TimeSpan.FromTicks((long)(most * random.NextDouble())), time, wake);
    }
}
