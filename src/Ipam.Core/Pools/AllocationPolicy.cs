namespace Ipam.Core.Pools;

/// <summary>How addresses of a range are chosen.</summary>
public sealed record AllocationPolicy
{
    /// <summary>In which order addresses are tried.</summary>
    public AllocationOrder Order { get; init; }

    /// <summary>Whose blocks are used; null for what suits the store.</summary>
    public BlockAffinity? Affinity { get; init; }

    /// <summary>Whether a node never borrows from another node's blocks. Has a meaning with <see cref="BlockAffinity.Node"/> only.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether a node may take from blocks only that are its own or nobody's.</summary>
    public bool KeepsToOwnBlocks => IsStrict && Affinity == BlockAffinity.Node;

    /// <summary>How long a freed address cools down before it is handed out again; whole seconds, zero for not at all.</summary>
    public TimeSpan Cooldown { get; init; }

    /// <summary>Whether an address that still cools down is handed out when nothing else is left.</summary>
    public bool ReusesCooling { get; init; }
}

/// <summary>In which order the addresses of a range are handed out.</summary>
public enum AllocationOrder
{
    /// <summary>The first free one behind the one handed out last, then from the start: a freed address stays free as long as possible.</summary>
    Next,

    /// <summary>The lowest free one.</summary>
    Lowest,

    /// <summary>The first free one behind a random one.</summary>
    Random,
}

/// <summary>Whose blocks an address is taken from.</summary>
public enum BlockAffinity
{
    /// <summary>All nodes share all blocks.</summary>
    None,

    /// <summary>A node takes from its own blocks first, then claims one that nobody has, then borrows from another node's.</summary>
    Node,
}
