namespace Ipam.Service.Hosting;

/// <summary>
/// When memory is revalidated though nothing asks for it: every ten minutes or so, each node at times of its own, so that a store sees no wave of them. Not
/// thread-safe.
/// </summary>
internal sealed class SlowSweep(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);

    private long _last = time.GetTimestamp();
    private TimeSpan _pause = NewPause();

    /// <summary>Whether it is time.</summary>
    public bool IsDue => time.GetElapsedTime(_last) >= _pause;

    /// <summary>It was done, for whatever reason.</summary>
    public void Done() => (_last, _pause) = (time.GetTimestamp(), NewPause());

    private static TimeSpan NewPause() => Shortest + ((Longest - Shortest) * Random.Shared.NextDouble());
}
