using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>A block that the store has, and its version: enough to see whether a copy is still current.</summary>
/// <param name="Id">Which block.</param>
/// <param name="Version">Its version in the store.</param>
public readonly record struct BlockVersion(BlockId Id, long Version);
