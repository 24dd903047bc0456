namespace Ipam.Core.Blocks;

/// <summary>
/// A change of one block. The store writes it only if the block still has the version that the change was made from. The change need not
/// add or end a lease: a new <see cref="Blocks.Block.LastSequence"/> alone is written too, and gives the block another version.
/// </summary>
/// <param name="Block">
/// The block after the change. Its <see cref="Blocks.Block.Version"/> is the version that the block must have in the store before the change;
/// 0 if the store must not have the block yet.
/// </param>
/// <param name="Added">The leases that the change adds.</param>
/// <param name="Ended">The leases that the change ends, and why. One address may be in both lists, with different leases.</param>
/// <param name="Delete">Whether the store deletes the block. The block then holds no lease.</param>
public sealed record BlockChange(Block Block, IReadOnlyList<Lease> Added, IReadOnlyList<EndedLease> Ended, bool Delete = false)
{
    /// <summary>The release of one lease of <paramref name="block"/>, which must hold it. If the block is empty afterwards, it stays.</summary>
    public static BlockChange Release(Block block, Lease lease, ReleaseReason reason, DateTimeOffset now) =>
        new(block.Release(lease, now), [], [new EndedLease(lease, reason)]);
}

/// <summary>A lease that ends.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Reason">Why it ends, and by whom.</param>
public sealed record EndedLease(Lease Lease, ReleaseReason Reason);
