namespace Ipam.Core.Blocks;

/// <summary>The end of a lease that no history has yet.</summary>
/// <param name="Ended">The lease, and why it ended.</param>
/// <param name="At">When it ended.</param>
public sealed record EndToNote(EndedLease Ended, DateTimeOffset At);
