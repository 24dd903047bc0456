using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Pools;
using Ipam.Service.Configuration;
using Ipam.Service.Pools;

namespace Ipam.Service.Verbs;

/// <summary>The routes of the pools that addresses came from.</summary>
internal static class PoolRoutes
{
    /// <summary>The configuration's routes, then each pool's once, in the order of the addresses.</summary>
    public static IReadOnlyList<CniRoute> Behind(IReadOnlyList<CniRoute> configured, IReadOnlyList<AllocatedAddress> addresses, RangeSets ranges)
    {
        if (ranges.Pools.Count == 0)
            return configured;
        var pools = addresses.Select(static address => address.Range.Pool).OfType<string>().Distinct();
        return [.. configured, .. pools.SelectMany(pool => ranges.Pools[pool].Routes).Select(ToRoute)];
    }

    private static CniRoute ToRoute(PoolRoute route) =>
        new(new CniPrefix(AddressConversion.ToIPAddress(route.Destination.Address), route.Destination.Length))
        {
            Gw = route.Gateway is { } gateway ? AddressConversion.ToIPAddress(gateway) : null,
        };
}
