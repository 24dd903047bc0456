using System.Net;
using Cni.Protocol;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Ptp;

namespace Net.Plugin.Tests.Ptp;

public class AttachmentPlanTests
{
    private const int Inside = 7;
    private const int Outside = 9;

    [Fact]
    public void The_container_finds_only_its_gateway_on_the_link_and_everything_else_behind_it()
    {
        var plan = Plan([Ip("10.1.2.2/24", "10.1.2.1")], Route("0.0.0.0/0"));
        Assert.Equal(["10.1.2.2/24"], plan.ContainerAddresses.Select(a => a.Address.ToString()));
        Assert.Equal(
            ["10.1.2.1/32 src 10.1.2.2", "10.1.2.0/24 via 10.1.2.1 src 10.1.2.2", "0.0.0.0/0 via 10.1.2.1"],
            plan.ContainerRoutes.Select(r => r.Route.ToString()));
        Assert.Equal([RouteScope.Link, RouteScope.Universe, RouteScope.Universe], plan.ContainerRoutes.Select(r => r.Route.Scope));
        Assert.All(plan.ContainerRoutes, r => Assert.Equal(Inside, r.Route.Index));
        Assert.Equal(["10.1.2.1/32"], plan.HostAddresses.Select(a => a.Address.ToString()));
        Assert.Equal(["10.1.2.2/32"], plan.HostRoutes.Select(r => r.Route.ToString()));
        Assert.All(plan.HostRoutes, r => Assert.Equal((Outside, RouteScope.Host, RouteAdditionMode.Replace), (r.Route.Index, r.Route.Scope, r.Mode)));
    }

    [Theory]
    [InlineData("10.1.2.2/32", "10.1.2.1")]
    [InlineData("2001:db8::2/128", "2001:db8::1")]
    public void A_single_address_has_no_network_to_route(string address, string gateway)
    {
        var plan = Plan([Ip(address, gateway)]);
        Assert.Equal([IpPrefix.Host(IPAddress.Parse(gateway))], plan.ContainerRoutes.Select(r => r.Route.Destination));
    }

    [Fact]
    public void Without_a_gateway_the_host_answers_at_a_link_local_address()
    {
        var plan = Plan([Ip("10.1.2.2/24"), Ip("2001:db8::2/64")], Route("0.0.0.0/0"), Route("::/0"));
        Assert.Equal(
            [("169.254.1.1/32", (byte)RouteScope.Link), ("fe80::1/128", (byte)RouteScope.Link)],
            plan.HostAddresses.Select(a => (a.Address.ToString(), a.Scope)));
        Assert.Equal(
            [
                "169.254.1.1/32 src 10.1.2.2", "10.1.2.0/24 via 169.254.1.1 src 10.1.2.2",
                "fe80::1/128 src 2001:db8::2", "2001:db8::/64 via fe80::1 src 2001:db8::2",
                "0.0.0.0/0 via 169.254.1.1", "::/0 via fe80::1",
            ],
            plan.ContainerRoutes.Select(r => r.Route.ToString()));
    }

    [Fact]
    public void Two_addresses_of_one_network_share_its_routes()
    {
        var plan = Plan([Ip("10.1.2.2/24", "10.1.2.1"), Ip("10.1.2.3/24", "10.1.2.1")]);
        Assert.Equal(["10.1.2.1/32 src 10.1.2.2", "10.1.2.0/24 via 10.1.2.1 src 10.1.2.2"], plan.ContainerRoutes.Select(r => r.Route.ToString()));
        Assert.Equal(["10.1.2.1/32"], plan.HostAddresses.Select(a => a.Address.ToString()));
        Assert.Equal(["10.1.2.2/32", "10.1.2.3/32"], plan.HostRoutes.Select(r => r.Route.ToString()));
    }

    [Fact]
    public void A_route_takes_its_own_gateway_or_the_first_of_its_family_or_none()
    {
        var plan = Plan(
            [Ip("10.1.2.2/24", "10.1.2.1"), Ip("10.1.3.2/24", "10.1.3.1")],
            Route("10.9.0.0/16", "10.1.3.1"), Route("10.8.0.0/16"), Route("2001:db8:9::/48"), Route("10.7.0.0/16", "10.1.2.9"));
        Assert.Equal(
            [("10.9.0.0/16 via 10.1.3.1", 0), ("10.8.0.0/16 via 10.1.2.1", 0), ("2001:db8:9::/48", 0), ("10.7.0.0/16 via 10.1.2.9", (int)NextHopFlags.OnLink)],
            plan.ContainerRoutes.Skip(4).Select(r => (r.Route.ToString(), (int)r.Route.Flags)));
    }

    [Fact]
    public void A_route_keeps_all_that_IPAM_said_of_it()
    {
        var route = new CniRoute(Prefix("10.9.1.1/16")) { Priority = 5, Table = 1000, Scope = 200, Mtu = 1400, AdvMss = 1300 };
        var planned = Plan([Ip("10.1.2.2/24", "10.1.2.1")], route).ContainerRoutes[^1].Route;
        Assert.Equal(
            new Route
            {
                Destination = IpPrefix.Parse("10.9.0.0/16"),
                Gateway = IPAddress.Parse("10.1.2.1"),
                Index = Inside,
                Metric = 5,
                Table = 1000,
                Scope = RouteScope.Site,
                Mtu = 1400,
                AdvertisedMss = 1300,
            },
            planned);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(254u)]
    public void Table_0_is_the_main_table_and_an_equal_route_is_not_added_twice(uint table)
    {
        var plan = Plan([Ip("10.1.2.2/24", "10.1.2.1")], Route("0.0.0.0/0"), Route("0.0.0.0/0") with { Table = table }, Route("10.1.2.0/24"));
        Assert.Equal(3, plan.ContainerRoutes.Count);
        Assert.Equal(RouteTable.Main, plan.ContainerRoutes[^1].Route.Table);
    }

    [Fact]
    public void Duplicate_address_detection_is_only_left_on_for_the_container_and_only_if_asked_for()
    {
        IReadOnlyList<CniIp> ips = [Ip("10.1.2.2/24", "10.1.2.1"), Ip("2001:db8::2/64", "2001:db8::1")];
        var off = AttachmentPlan.Make(ips, [], Inside, Outside, detectDuplicates: false);
        var on = AttachmentPlan.Make(ips, [], Inside, Outside, detectDuplicates: true);
        const AddressFlags Quiet = AddressFlags.NoDuplicateDetection;
        Assert.Equal([AddressFlags.NoPrefixRoute, AddressFlags.NoPrefixRoute | Quiet], off.ContainerAddresses.Select(a => a.AddressFlags));
        Assert.Equal([AddressFlags.NoPrefixRoute, AddressFlags.NoPrefixRoute], on.ContainerAddresses.Select(a => a.AddressFlags));
        Assert.Equal([AddressFlags.None, Quiet], on.HostAddresses.Select(a => a.AddressFlags));
    }

    private static AttachmentPlan Plan(IReadOnlyList<CniIp> ips, params CniRoute[] routes) =>
        AttachmentPlan.Make(ips, routes, Inside, Outside, detectDuplicates: false);

    private static CniIp Ip(string address, string? gateway = null)
    {
        var prefix = Prefix(address);
        return new CniIp(prefix.Address, prefix.Length) { Gateway = gateway is null ? null : IPAddress.Parse(gateway) };
    }

    private static CniRoute Route(string destination, string? gateway = null) =>
        new(Prefix(destination)) { Gw = gateway is null ? null : IPAddress.Parse(gateway) };

    private static CniPrefix Prefix(string text)
    {
        Assert.True(CniPrefix.TryParse(text, out var prefix));
        return prefix;
    }
}
