namespace Ipam.Core.Stores;

/// <summary>The pause after a conflict, before the change is planned again. It is random, so that two programs don't conflict again.</summary>
internal static class ConflictPause
{
    private const int WithoutPause = 2;
    private const int MostDoublings = 7;

    /// <summary>Whether there is a pause before try number <paramref name="attempt"/>.</summary>
    public static bool IsBefore(int attempt) => attempt > WithoutPause;

    /// <summary>Waits before try number <paramref name="attempt"/>, counted from 0; up to 128 ms, the first tries not at all.</summary>
    public static Task BeforeAsync(int attempt, Random random, TimeProvider time, CancellationToken cancellationToken) =>
        IsBefore(attempt)
            ? Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 1 << Math.Min(attempt, MostDoublings))), time, cancellationToken)
            : Task.CompletedTask;
}
