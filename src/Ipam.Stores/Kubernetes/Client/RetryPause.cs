namespace Ipam.Stores.Kubernetes.Client;

/// <summary>When a request is repeated, and after what pause.</summary>
internal static class RetryPause
{
    /// <summary>How often a request is repeated at most.</summary>
    public const int MostRepetitions = 6;

    private const int FirstMilliseconds = 50;
    private const int MostDoublings = 5;

    /// <summary>The pause before repetition number <paramref name="attempt"/>, from 0: what the server asks for, else growing; with jitter.</summary>
    public static TimeSpan Before(int attempt, TimeSpan? retryAfter, Random random)
    {
        var wanted = retryAfter ?? TimeSpan.FromMilliseconds(FirstMilliseconds << Math.Min(attempt, MostDoublings));
        return wanted + random.NextDouble() * TimeSpan.FromMilliseconds(FirstMilliseconds);
    }
}
