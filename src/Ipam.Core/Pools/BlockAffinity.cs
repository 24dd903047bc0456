namespace Ipam.Core.Pools;

/// <summary>Whose blocks an address is taken from.</summary>
public enum BlockAffinity
{
    /// <summary>All nodes share all blocks.</summary>
    None,

    /// <summary>A node takes from its own blocks first, then claims one that nobody has, then borrows from another node's.</summary>
    Node,
}
