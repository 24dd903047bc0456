using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>The answer to one entry of a request.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Range">The range it was taken from, which tells prefix length and gateway.</param>
public sealed record AllocatedAddress(Lease Lease, AllocationRange Range);
