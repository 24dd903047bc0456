namespace Ipam.Core.Blocks;

/// <summary>A freed address that isn't to be handed out for a while.</summary>
/// <param name="Offset">Its place in the block, 0 to 63.</param>
/// <param name="Until">When it may be handed out again; whole milliseconds.</param>
public readonly record struct RestingAddress(int Offset, DateTimeOffset Until);
