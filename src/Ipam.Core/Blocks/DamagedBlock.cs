namespace Ipam.Core.Blocks;

/// <summary>
/// A block that the store has and that can't be read. Nothing is handed out from it and nothing is released in it until it is mended.
/// </summary>
/// <param name="Id">Which block; null if not even that can be read.</param>
/// <param name="Why">A sentence: where it is kept, what is wrong with it, and how to mend it.</param>
public sealed record DamagedBlock(BlockId? Id, string Why);
