using System.Net;
using Cni.Protocol;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>Puts an <see cref="AttachmentPlan"/> together: all addresses first, then the routes.</summary>
internal sealed class AttachmentPlanBuilder(int containerIndex, int hostIndex, bool detectDuplicates)
{
    private const string NoGateway = "no gateway can have that address";
    private const string OwnAddress = "that is the container's own address";

    // What the kernel cuts larger numbers down to, without a word (struct rtmsg; ip_metrics_convert).
    private const uint LargestMtu = 65535 - 15;
    private const uint LargestAdvertisedMss = 65535 - 40;

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
        if (!address.Address.IsHostAddress() || address.IsEdge(address.Address))
            throw Refused($"the IPAM plugin gives address {address}, which no container can have");
        if (IsInContainer(address.Address))
            throw Refused($"the IPAM plugin gives address {address.Address} twice");
        if (IsOnHost(address.Address))
            throw Refused($"the IPAM plugin gives address {address}, which is the gateway of another one");
        var gateway = GatewayOf(ip, address);
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
        ThrowIfCut("scope", route.Scope, byte.MaxValue, destination);
        ThrowIfCut("mtu", route.Mtu, LargestMtu, destination);
        ThrowIfCut("advmss", route.AdvMss, LargestAdvertisedMss, destination);
        var gateway = GatewayOf(route, destination);
        var wanted = new Route
        {
            Destination = destination,
            Gateway = gateway,
            Index = containerIndex,
            Metric = route.Priority,
            Table = route.Table is null or RouteTable.Unspecified ? RouteTable.Main : route.Table.Value,
            Scope = (RouteScope)(route.Scope ?? (int)(gateway is null && destination.Family == IpFamily.V4 ? RouteScope.Link : RouteScope.Universe)),
            Mtu = route.Mtu,
            AdvertisedMss = route.AdvMss,
            // The host's own addresses are known to be on the link. Of another in a network of the container the kernel must be told.
            Flags = gateway is null || IsOnHost(gateway) ? NextHopFlags.None : NextHopFlags.OnLink,
        };
        if (!_containerRoutes.Exists(existing => IsSameWay(existing.Route, wanted)))
            _containerRoutes.Add(new RouteAddition(wanted));
    }

    // Zeros are how some write that there is none.
    private IPAddress GatewayOf(CniIp ip, IpPrefix address)
    {
        if (ip.Gateway is null || ip.Gateway.IsUnspecified())
            return LinkLocalGateway.Of(address.Family);
        var reason = ip.Gateway.Family() != address.Family ? $"an {Name(address.Family)} address needs an {Name(address.Family)} gateway"
            : !ip.Gateway.IsHostAddress() ? NoGateway
            : ip.Gateway.Equals(address.Address) || IsInContainer(ip.Gateway) ? OwnAddress
            : null;
        return reason is null ? ip.Gateway : throw Refused($"gateway {ip.Gateway} of address {address}: {reason}");
    }

    // Null for a route to the link: one whose gateway is zeros, or whose scope says so.
    private IPAddress? GatewayOf(CniRoute route, IpPrefix destination)
    {
        if (route.Gw is null)
        {
            return destination.Family == IpFamily.V4 && route.Scope >= (int)RouteScope.Link ? null : _gateways.GetValueOrDefault(destination.Family);
        }
        var reason = route.Gw.Family() != destination.Family ? $"an {Name(destination.Family)} route needs an {Name(destination.Family)} gateway"
            : route.Gw.IsUnspecified() ? null
            : WhyUnreachable(route.Gw);
        if (reason is not null)
            throw Refused($"gateway {route.Gw} of route {destination}: {reason}");
        return route.Gw.IsUnspecified() ? null : route.Gw;
    }

    private string? WhyUnreachable(IPAddress gateway)
    {
        if (!gateway.IsHostAddress())
            return NoGateway;
        if (IsOnHost(gateway) || gateway.IsIPv6LinkLocal)
            return null;
        if (IsInContainer(gateway))
            return OwnAddress;
        if (_containerAddresses.Exists(own => own.Address.IsEdge(gateway)))
            return "that is the address of a whole network";
        return _containerAddresses.Exists(own => own.Address.Contains(gateway))
            || _containerRoutes.Exists(route => route.Route.Gateway is null && route.Route.Destination.Contains(gateway))
            ? null
            : "it is in none of the container's networks, so that nothing could be sent to it";
    }

    private bool IsInContainer(IPAddress address) => _containerAddresses.Exists(own => own.Address.Address.Equals(address));

    private static void ThrowIfCut(string key, long? value, uint largest, IpPrefix destination)
    {
        if (value < 0 || value > largest)
            throw Refused($"{key} {value} of route {destination}: the kernel takes 0 to {largest}");
    }

    private static string Name(IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";

    private static CniException Refused(string what) =>
        new(CniErrorCode.InvalidNetworkConfig, what, "correct the addresses and routes of the IPAM plugin's configuration");

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
