namespace Ipam.Core.Reconciliation;

/// <summary>What an earlier look found of a lease's owner: that it seems to be gone. It counts as a first reading.</summary>
/// <param name="Source">The source.</param>
/// <param name="Since">When that reading ended: a timestamp of the monotonic clock, which may be from before it began.</param>
/// <param name="Finding">What it found.</param>
public sealed record EarlierFinding(string Source, long Since, string Finding);
