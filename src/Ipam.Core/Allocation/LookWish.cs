using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>What an operation needs to know from the store before it can be answered.</summary>
/// <param name="Blocks">These blocks; null for a listing.</param>
/// <param name="Space">All blocks of this space; null for another wish.</param>
internal sealed record LookWish(IReadOnlyCollection<BlockId>? Blocks, string? Space = null)
{
    /// <summary>The blocks that matter to the node.</summary>
    public static LookWish Own { get; } = new(null, null);

    /// <summary>All blocks of a space, without the leases of other nodes' blocks.</summary>
    public static LookWish Of(string space) => new(null, space);
}
