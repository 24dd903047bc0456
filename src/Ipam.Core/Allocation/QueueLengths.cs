namespace Ipam.Core.Allocation;

/// <summary>How much waits in an allocator at a moment. Neither grows with time.</summary>
/// <param name="Requests">Requests that are not answered yet.</param>
/// <param name="Cooldowns">Blocks that are to be looked at when a cooldown in them ends: one entry for each, however many of its addresses cool down.</param>
public readonly record struct QueueLengths(int Requests, int Cooldowns);
