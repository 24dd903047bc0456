namespace Ipam.Core.Recovery;

/// <summary>Which machine and run a <see cref="StoreGuard"/> works for.</summary>
public sealed record StoreGuardOptions
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>Which machine has the name: random, the same in all runs on the machine.</summary>
    public required string Instance { get; init; }

    /// <summary>The machine's name, for people.</summary>
    public string Host { get; init; } = "";

    /// <summary>Where the node serves its history (<see cref="Stores.NodeEntry.HistoryAt"/>).</summary>
    public string HistoryAt { get; init; } = "";

    /// <summary>Whether to take the node's name over from another machine that seems to be alive.</summary>
    public bool TakesOver { get; init; }

    /// <summary>The longest wait for one call of the store.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
