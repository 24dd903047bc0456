using Ipam.Core.Blocks;

namespace Ipam.Core.Reconciliation;

/// <summary>A lease whose owner a source found gone, and has not found alive since.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Source">The source.</param>
/// <param name="Since">When the reading ended that first said so: a timestamp of the monotonic clock.</param>
/// <param name="Finding">What it found.</param>
public sealed record Suspect(Lease Lease, string Source, long Since, string Finding);
