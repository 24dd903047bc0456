using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>Which blocks a listing shall bring.</summary>
/// <param name="Space">Only those of this space; null for all spaces.</param>
/// <param name="Node">
/// Only those that matter to this node, as <see cref="Block.MattersTo"/> says. Null for all.
/// </param>
public readonly record struct BlockFilter(string? Space = null, string? Node = null)
{
    /// <summary>Every block.</summary>
    public static BlockFilter All => default;

    /// <summary>Whether <paramref name="block"/> is one of those meant.</summary>
    public bool Matches(Block block) => (Space is null || Space == block.Id.Space) && (Node is null || block.MattersTo(Node));
}
