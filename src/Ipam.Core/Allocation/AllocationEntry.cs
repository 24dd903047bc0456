using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>One address wanted: from the first of the ranges that has room, or exactly the one requested.</summary>
/// <param name="Ranges">The ranges in order of preference; at least one.</param>
/// <param name="Requested">The address to hand out and no other; null for any.</param>
public sealed record AllocationEntry(IReadOnlyList<AllocationRange> Ranges, Address? Requested = null);
