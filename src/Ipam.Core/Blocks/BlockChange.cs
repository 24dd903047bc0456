namespace Ipam.Core.Blocks;

/// <summary>
/// One block as it shall be, if it still is as it was. It need not add or remove a lease: a change of
/// <see cref="Blocks.Block.LastSequence"/> alone is written too, and gives the block another version.
/// </summary>
/// <param name="Block">
/// The block as it shall be; its <see cref="Blocks.Block.Version"/> is the version it must have in the store now, 0 for a block that must
/// not be there yet.
/// </param>
/// <param name="Added">The leases that the change brings.</param>
/// <param name="Ended">The leases that the change takes away, and why. One address may be in both, with different leases.</param>
/// <param name="Delete">Whether the block shall be gone; it then holds no lease.</param>
public sealed record BlockChange(Block Block, IReadOnlyList<Lease> Added, IReadOnlyList<EndedLease> Ended, bool Delete = false)
{
    /// <summary>The release of one lease of <paramref name="block"/>, which holds it. A block that is empty then stays.</summary>
    public static BlockChange Release(Block block, Lease lease, ReleaseReason reason, DateTimeOffset now) =>
        new(block.Release(lease, now), [], [new EndedLease(lease, reason)]);
}

/// <summary>A lease that ends.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Reason">Why it ends, and by whom.</param>
public sealed record EndedLease(Lease Lease, ReleaseReason Reason);
