using Ipam.Core.Blocks;

namespace Ipam.Core.Imports;

/// <summary>What becomes of an address that was found, and why.</summary>
/// <param name="Found">What was found.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Because">Why, for people; empty where there is nothing to say.</param>
/// <param name="Lease">The lease that it becomes, whose sequence is not given yet; null if it becomes none.</param>
public sealed record PlannedAddress(FoundAddress Found, ImportState State, string Because, Lease? Lease = null);
