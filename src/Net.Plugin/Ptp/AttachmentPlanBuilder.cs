using System.Net;
using Cni.Protocol;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>Puts an <see cref="AttachmentPlan"/> together: all addresses first, then the routes.</summary>
internal sealed class AttachmentPlanBuilder(int containerIndex, int hostIndex, bool detectDuplicates)
{
    private readonly List<AddressAddition> _containerAddresses = [];
    private readonly List<RouteAddition> _containerRoutes = [];
    private readonly List<AddressAddition> _hostAddresses = [];
    private readonly List<RouteAddition> _hostRoutes = [];

    // The first gateway of each family: what a route without one goes through.
    private readonly Dictionary<IpFamily, IPAddress> _gateways = [];

    public AttachmentPlan Plan => new(_containerAddresses, _containerRoutes, _hostAddresses, _hostRoutes);

    public void Add(CniIp ip)
    {
        var address = new IpPrefix(ip.Address, ip.PrefixLength);
        var gateway = ip.Gateway ?? LinkLocalGateway.Of(address.Family);
        _gateways.TryAdd(address.Family, gateway);

        _containerAddresses.Add(new AddressAddition(containerIndex, address, ContainerFlags(address.Family)));
        AddHostAddress(gateway);
        _hostRoutes.Add(new RouteAddition(
            new Route { Destination = IpPrefix.Host(address.Address), Index = hostIndex, Scope = RouteScope.Host },
            RouteAdditionMode.Replace));
        AddContainerRoute(new Route
        {
            Destination = IpPrefix.Host(gateway),
            Index = containerIndex,
            Scope = RouteScope.Link,
            PreferredSource = address.Address,
        });
        if (!address.IsHost)
            AddContainerRoute(new Route { Destination = address.Network, Gateway = gateway, Index = containerIndex, PreferredSource = address.Address });
    }

    public void Add(CniRoute route)
    {
        var destination = new IpPrefix(route.Dst.Address, route.Dst.Length).Network;
        var gateway = route.Gw ?? _gateways.GetValueOrDefault(destination.Family);
        var wanted = new Route
        {
            Destination = destination,
            Gateway = gateway,
            Index = containerIndex,
            Metric = route.Priority,
            Table = route.Table is null or RouteTable.Unspecified ? RouteTable.Main : route.Table.Value,
            Scope = (RouteScope)(route.Scope ?? (int)RouteScope.Universe),
            Mtu = route.Mtu,
            AdvertisedMss = route.AdvMss,
            // The host's own addresses are known to be on the link. Of any other gateway the kernel must be told.
            Flags = gateway is null || IsOnHost(gateway) ? NextHopFlags.None : NextHopFlags.OnLink,
        };
        if (!_containerRoutes.Exists(existing => IsSameWay(existing.Route, wanted)))
            _containerRoutes.Add(new RouteAddition(wanted));
    }

    // The kernel adds no route to the prefix: everything there is reached through the host.
    private AddressFlags ContainerFlags(IpFamily family) => AddressFlags.NoPrefixRoute
        | (family == IpFamily.V6 && !detectDuplicates ? AddressFlags.NoDuplicateDetection : AddressFlags.None);

    private void AddHostAddress(IPAddress gateway)
    {
        if (IsOnHost(gateway))
            return;
        var scope = (byte)(LinkLocalGateway.Is(gateway) ? RouteScope.Link : RouteScope.Universe);
        // On its own link nobody else can have the host's address, and no container could wait for the outcome anyway.
        var flags = gateway.Family() == IpFamily.V6 ? AddressFlags.NoDuplicateDetection : AddressFlags.None;
        _hostAddresses.Add(new AddressAddition(hostIndex, IpPrefix.Host(gateway), flags, scope));
    }

    // After what may be there: a second attachment to the same network must not take over the first one's traffic. The second
    // address of an attachment finds its routes there already.
    private void AddContainerRoute(Route route)
    {
        if (!_containerRoutes.Exists(existing => IsSameWay(existing.Route, route)))
            _containerRoutes.Add(new RouteAddition(route, RouteAdditionMode.After));
    }

    private bool IsOnHost(IPAddress address) => _hostAddresses.Exists(existing => existing.Address.Address.Equals(address));

    private static bool IsSameWay(Route a, Route b) =>
        a.Destination == b.Destination && Equals(a.Gateway, b.Gateway) && a.Table == b.Table && a.Metric == b.Metric
        && a.Mtu == b.Mtu && a.AdvertisedMss == b.AdvertisedMss;
}
