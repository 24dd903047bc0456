using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>A route of a pool.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Gateway">The next hop; null for the address's gateway.</param>
public sealed record PoolRoute(Prefix Destination, Address? Gateway)
{
    /// <summary>What is wrong with the route; null if nothing is.</summary>
    public string? Check() => Gateway is { } gateway && gateway.Family != Destination.Address.Family
        ? $"the route to {Destination} has a gateway of another address family, {gateway}; give one of the same, or none"
        : null;
}
