using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Pools;
using Ipam.Service.Configuration;
using Ipam.Service.Pools;

namespace Ipam.Service.Verbs;

/// <summary>The routes of the pools that addresses came from.</summary>
internal static class PoolRoutes
{
    /// <summary>
    /// The configuration's routes, then each pool's, in the order of the addresses. Of those that become the same route the first one.
    /// </summary>
    public static IReadOnlyList<CniRoute> Behind(IReadOnlyList<CniRoute> configured, IReadOnlyList<AllocatedAddress> addresses, RangeSets ranges)
    {
        if (ranges.Pools.Count == 0)
            return configured.Count < 2 ? configured : Once(configured, addresses);
        var pools = addresses.Select(static address => address.Range.Pool).OfType<string>().Distinct();
        return Once(configured.Concat(pools.SelectMany(pool => ranges.Pools[pool].Routes).Select(ToRoute)), addresses);
    }

    private static List<CniRoute> Once(IEnumerable<CniRoute> routes, IReadOnlyList<AllocatedAddress> addresses) =>
        [.. routes.DistinctBy(route => RouteIdentity.Of(route, addresses))];

    private static CniRoute ToRoute(PoolRoute route) =>
        new(new CniPrefix(AddressConversion.ToIPAddress(route.Destination.First), route.Destination.Length))
        {
            Gw = route.Gateway is { } gateway ? AddressConversion.ToIPAddress(gateway) : null,
        };
}
