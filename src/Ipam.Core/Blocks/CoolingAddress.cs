namespace Ipam.Core.Blocks;

/// <summary>A freed address in its cooldown: it isn't handed out yet.</summary>
/// <param name="Offset">Its place in the block, 0 to 63.</param>
/// <param name="Until">When the cooldown ends; whole milliseconds.</param>
public readonly record struct CoolingAddress(int Offset, DateTimeOffset Until);
