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
