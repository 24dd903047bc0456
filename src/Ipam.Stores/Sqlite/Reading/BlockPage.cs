using Ipam.Core.Blocks;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>A part of a listing.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Last">The last block looked at, which the next part begins behind; null if there is no more.</param>
internal readonly record struct BlockPage(List<Block> Blocks, BlockId? Last);
