using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>A route of a pool.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Gateway">The next hop; null for the address's gateway.</param>
public sealed record PoolRoute(Prefix Destination, Address? Gateway);
