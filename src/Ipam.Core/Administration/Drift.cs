using Ipam.Core.Blocks;

namespace Ipam.Core.Administration;

/// <summary>Something in a store that doesn't add up. It is for people to judge: nothing mends it by itself.</summary>
/// <param name="Kind">Of what kind it is.</param>
/// <param name="Block">The block; null if not even that is known.</param>
/// <param name="Lease">The lease that it is about; null if it is about a whole block.</param>
/// <param name="Reason">What is wrong, in a sentence.</param>
public sealed record Drift(DriftKind Kind, BlockId? Block, Lease? Lease, string Reason);

/// <summary>Kinds of drift.</summary>
public enum DriftKind
{
    /// <summary>A block can't be read, or contradicts itself: an address is held and has no lease, or the reverse.</summary>
    DamagedBlock,

    /// <summary>An address has two leases.</summary>
    TwoOwners,

    /// <summary>An owner has two leases for one entry of its request.</summary>
    OwnerTwice,

    /// <summary>A lease lies in a pool's subnet, and in no pool's ranges.</summary>
    OutsidePools,
}
