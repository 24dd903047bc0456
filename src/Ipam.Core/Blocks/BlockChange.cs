
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
/// <param name="Removed">The leases that the change takes away. One address may be in both, with different leases.</param>
/// <param name="Delete">Whether the block shall be gone; it then holds no lease.</param>
public sealed record BlockChange(Block Block, IReadOnlyList<Lease> Added, IReadOnlyList<Lease> Removed, bool Delete = false);
