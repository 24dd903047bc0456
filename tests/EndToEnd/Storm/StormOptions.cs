namespace EndToEnd.Storm;

/// <summary>A storm to be.</summary>
/// <param name="Store">The kind of store.</param>
/// <param name="Duration">How long faults go on, at least.</param>
/// <param name="Seed">What chance is made from.</param>
internal sealed record StormOptions(string Store, TimeSpan Duration, int Seed)
{
    /// <summary>It goes on until so many calls were answered, but not longer than five times as long as it should.</summary>
    public int LeastCalls { get; init; }

    public int Nodes { get; init; } = 8;

    /// <summary>How often what an ipamd takes is looked at.</summary>
    public TimeSpan LookEvery => IsLong ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(10);

    /// <summary>The look from which on it must not take more.</summary>
    public int SteadyFrom => IsLong ? 10 : 3;

    /// <summary>How much more it may take at the end. In a short storm much is still being warmed up.</summary>
    public double MostGrowth => IsLong ? 1.1 : 2;

    /// <summary>Whether the store loses its data now and then.</summary>
    public bool WithLoss { get; init; }

    /// <summary>Whether the nodes' clocks are set now and then.</summary>
    public bool WithClocks { get; init; }

    /// <summary>Whether all that was is told afterwards: what a store loses is lost, and clocks that are set date it wrongly.</summary>
    public bool HasHistory => !WithLoss && !WithClocks;

    public int Workers { get; init; } = 64;

    public int ContainersOfEach { get; init; } = 5;

    private bool IsLong => Duration >= TimeSpan.FromMinutes(15);
}
