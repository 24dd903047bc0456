namespace Ipam.Core.Blocks;

/// <summary>A block of the store without its leases. It shows whether a copy of the block is still current, and which addresses are held.</summary>
/// <param name="Id">Which block.</param>
/// <param name="Version">Its version in the store.</param>
/// <param name="Node">The node it belongs to; null where all nodes share it.</param>
/// <param name="Held">One bit per address that is held, as in <see cref="Block.Held"/>.</param>
public readonly record struct BlockSummary(BlockId Id, long Version, string? Node, ulong Held);
