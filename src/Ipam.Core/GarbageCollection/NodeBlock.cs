using Ipam.Core.Blocks;

namespace Ipam.Core.GarbageCollection;

/// <summary>A block, and the node that owns it.</summary>
/// <param name="Id">The block.</param>
/// <param name="Node">The node.</param>
/// <param name="IsEmpty">Whether nobody holds an address of it.</param>
public sealed record NodeBlock(BlockId Id, string Node, bool IsEmpty);
