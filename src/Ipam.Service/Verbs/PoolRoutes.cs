using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Pools;
using Ipam.Service.Pools;

namespace Ipam.Service.Verbs;

/// <summary>The routes of the pools that addresses came from.</summary>
internal static class PoolRoutes
{
    /// <summary>Each pool's routes once, in the order of the addresses.</summary>
    public static IEnumerable<CniRoute> Of(IReadOnlyList<AllocatedAddress> addresses, RangeSets ranges) =>
        ranges.Pools.Count == 0
            ? []
            : addresses.Select(static address => address.Range.Pool).OfType<string>().Distinct().SelectMany(pool => ranges.Pools[pool].Routes).Select(ToRoute);

    private static CniRoute ToRoute(PoolRoute route) =>
        new(new CniPrefix(AddressConversion.ToIPAddress(route.Destination.Address), route.Destination.Length))
        {
            Gw = route.Gateway is { } gateway ? AddressConversion.ToIPAddress(gateway) : null,
        };
}
