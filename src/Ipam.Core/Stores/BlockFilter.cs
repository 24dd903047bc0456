using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>Which blocks a listing shall bring.</summary>
/// <param name="Space">Only those of this space; null for all spaces.</param>
/// <param name="Node">
/// Only those that matter to this node: its own, those that belong to no node, and those that hold a lease handed out on it. Null for all.
/// </param>
public readonly record struct BlockFilter(string? Space = null, string? Node = null)
{
    /// <summary>Every block.</summary>
    public static BlockFilter All => default;

    /// <summary>Whether <paramref name="block"/> is one of those meant.</summary>
    public bool Matches(Block block) => (Space is null || Space == block.Id.Space) && (Node is null || MattersTo(Node, block));

    private static bool MattersTo(string node, Block block)
    {
        if (block.Node is null || block.Node == node)
            return true;
        foreach (var lease in block.Leases)
        {
            if (lease.Node == node)
                return true;
        }
        return false;
    }
}
