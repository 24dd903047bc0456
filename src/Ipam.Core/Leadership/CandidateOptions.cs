namespace Ipam.Core.Leadership;

/// <summary>The times of an election, with client-go's names and defaults.</summary>
public sealed record CandidateOptions
{
    /// <summary>How much longer than <see cref="RetryPeriod"/> one attempt may come after another.</summary>
    private const double Slack = 1.2;

    /// <summary>How long the others wait after they saw the record change. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader acts after it began the last renewal that succeeded. What lies between the two may be taken by clocks that go at different rates.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two attempts; the shortest is half of it.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// To what the pause may grow while another one leads; then it takes the lead so much later. Not at all by default. For candidates that are so many that they
    /// would be much work for the store.
    /// </summary>
    public TimeSpan LongestPause { get; init; }

    /// <summary>The longest time that giving up the lead may take.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws <see cref="ArgumentException"/> for times by which two could lead at once, or nobody could stay.</summary>
    internal void Check()
    {
        if (LeaseDuration <= RenewDeadline)
            throw new ArgumentException($"the lease duration of {LeaseDuration} must be longer than the renew deadline of {RenewDeadline}");
        if (RenewDeadline <= RetryPeriod * Slack)
            throw new ArgumentException($"the renew deadline of {RenewDeadline} must be longer than {Slack} retry periods of {RetryPeriod}");
        if (RetryPeriod <= TimeSpan.Zero || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentException($"a retry period of {RetryPeriod} and a lease duration of {LeaseDuration} were given; wanted are some time, and whole seconds");
    }
}
