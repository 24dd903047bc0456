using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>What a store knows of a node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Entry">Its entry in the registry; null if it has none.</param>
/// <param name="State">Whether it works, as far as that can be said.</param>
/// <param name="Leases">The leases that were handed out on it.</param>
/// <param name="Blocks">The blocks that it owns.</param>
public sealed record NodeStatus(string Node, NodeEntry? Entry, NodeState State, long Leases, long Blocks);

/// <summary>Whether a node works. Only that its entry changes shows that it does: clocks of machines are never compared.</summary>
public enum NodeState
{
    /// <summary>It has an entry, which was not watched for long enough to say more.</summary>
    Registered,

    /// <summary>It wrote its entry while it was watched.</summary>
    Reports,

    /// <summary>It didn't write its entry for longer than it should take.</summary>
    Silent,

    /// <summary>ipamd was stopped there and took its leave.</summary>
    Stopped,

    /// <summary>It has leases or blocks, and no entry.</summary>
    Unregistered,
}
