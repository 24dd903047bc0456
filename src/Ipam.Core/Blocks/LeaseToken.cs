using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>Which lease: no other lease ever has the same.</summary>
/// <param name="Space">Its space.</param>
/// <param name="Address">Its address.</param>
/// <param name="Sequence">Its sequence.</param>
public readonly record struct LeaseToken(string Space, Address Address, long Sequence)
{
    /// <summary>That of a lease.</summary>
    public static LeaseToken Of(Lease lease) => new(lease.Space, lease.Address, lease.Sequence);
}
