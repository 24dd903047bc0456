using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Sysctl;

namespace Net.Plugin.Ptp;

/// <summary>
/// The routers from which the host has its own IPv6 routes and addresses: a host that begins to forward loses them, unless it is told to keep
/// listening. Only interfaces that have something from a router, or that are a device of the machine, are told so: what comes from a container
/// is no router.
/// </summary>
internal static class HostRouters
{
    /// <summary>To be called before IPv6 forwarding is turned on.</summary>
    /// <exception cref="HostException">The kernel refused.</exception>
    public static void Keep(NetlinkSocket host)
    {
        HashSet<int> advertised = [];
        foreach (var route in host.ListRoutes(IpFamily.V6, RouteProtocol.RouterAdvertisement))
        {
            advertised.Add(route.Index);
            foreach (var hop in route.NextHops)
                advertised.Add(hop.Index);
        }
        foreach (var address in host.ListAllAddresses())
        {
            // An address that will expire came from a router's prefix.
            if (address.Address.Family == IpFamily.V6 && address.Scope == (byte)RouteScope.Universe && !address.Flags.HasFlag(AddressFlags.Permanent))
                advertised.Add(address.Index);
        }
        foreach (var link in host.ListLinks())
        {
            if (advertised.Contains(link.Index) || (link.Kind is null && !link.Flags.HasFlag(LinkFlags.Loopback)))
                Ipv6Settings.KeepRouterAdvertisements(link.Name);
        }
    }
}
