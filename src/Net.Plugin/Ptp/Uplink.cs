using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>The host's way to everywhere else: its default routes in the main table.</summary>
internal static class Uplink
{
    /// <summary>
    /// The largest packet, in bytes, that a default route takes without fragments: the smallest where the families differ, or a route has several ways. Null if
    /// the host has no default route.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static uint? MtuOf(NetlinkSocket host)
    {
        uint? smallest = null;
        foreach (var family in IpFamilies.Both)
        {
            if (FindDefault(host, family) is not { } route)
                continue;
            foreach (var index in LinksOf(route))
            {
                // An interface that has gone since took its route with it.
                var mtu = route.Mtu != 0 ? route.Mtu : host.FindLink(index)?.Mtu;
                smallest = smallest < mtu ? smallest : mtu ?? smallest;
            }
        }
        return smallest;
    }

    private static Route? FindDefault(NetlinkSocket host, IpFamily family)
    {
        Route? best = null;
        foreach (var route in host.ListRoutes(family, index: 0))
        {
            var isUsed = route.Destination.Length == 0 && route.Table == RouteTable.Main && route.Type == RouteType.Unicast && !route.Flags.HasFlag(NextHopFlags.Dead);
            if (isUsed && (best is null || route.Metric < best.Metric))
                best = route;
        }
        return best;
    }

    private static IEnumerable<int> LinksOf(Route route)
    {
        if (route.Index != 0)
            yield return route.Index;
        foreach (var hop in route.NextHops)
        {
            if (!hop.Flags.HasFlag(NextHopFlags.Dead))
                yield return hop.Index;
        }
    }
}
