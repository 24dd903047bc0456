using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Administration;

/// <summary>An address that nobody holds and that isn't handed out yet.</summary>
/// <param name="Block">Its block.</param>
/// <param name="Address">The address.</param>
/// <param name="Node">The node that owns the block; null if nobody does.</param>
/// <param name="Until">When its cooldown ends.</param>
public sealed record CoolingDown(BlockId Block, Address Address, string? Node, DateTimeOffset Until);
