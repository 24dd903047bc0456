namespace EndToEnd.Leaks;

/// <summary>A run in which leases lose their owners.</summary>
/// <param name="Store">The kind of store.</param>
/// <param name="Leases">How many leases there are, about. A fifth of them lose their owner.</param>
internal sealed record LeakOptions(string Store, int Leases)
{
    /// <summary>The nodes' grace period.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Over how long the losses are spread, so that they meet passes at every point; zero for all at once.</summary>
    public TimeSpan Spread { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a fourth node is lost with all that is on it, for the collection to find.</summary>
    public bool LosesANode { get; init; } = true;

    public int Nodes { get; } = 3;

    /// <summary>How soon a leak is to be gone at p99: with the default grace period a minute.</summary>
    public TimeSpan Bound => TimeSpan.FromSeconds(30) + Grace;

    /// <summary>How many lose their owner in one way on one node. A reboot, and a node that is lost, take as many as three nodes.</summary>
    public int OfEach => Math.Max(1, (Leases / 5 + Ways / 2) / Ways);

    /// <summary>How many of a node keep their owner.</summary>
    public int LivingOfEach => Leases * 4 / 5 / Nodes;

    private int Ways => LossKinds.OfEveryNode.Count * Nodes + (LosesANode ? 2 : 1) * Nodes;
}
