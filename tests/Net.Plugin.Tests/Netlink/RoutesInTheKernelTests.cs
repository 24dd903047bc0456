using System.Net;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class RoutesInTheKernelTests
{
    [RootFact("ip")]
    public void A_route_comes_back_as_it_was_added()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithAddresses(host);
        Route[] routes =
        [
            new() { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("10.1.2.1"), Index = index },
            new() { Destination = IpPrefix.Parse("10.8.0.0/16"), Index = index, Scope = RouteScope.Link, Metric = 50, Table = 100 },
            new()
            {
                Destination = IpPrefix.Parse("10.7.0.0/16"), Gateway = IPAddress.Parse("10.1.2.1"), Index = index, Table = 70_000,
                PreferredSource = IPAddress.Parse("10.1.2.2"), Mtu = 1400, AdvertisedMss = 1300,
            },
            new() { Destination = IpPrefix.Everything(IpFamily.V4), Gateway = IPAddress.Parse("10.1.2.1"), Index = index },
            new() { Destination = IpPrefix.Parse("10.6.0.0/16"), Gateway = IPAddress.Parse("192.0.2.1"), Index = index, Flags = NextHopFlags.OnLink },
            new() { Destination = IpPrefix.Parse("10.5.0.0/16"), Gateway = IPAddress.Parse("2001:db8::1"), Index = index },
            new() { Destination = IpPrefix.Everything(IpFamily.V6), Gateway = IPAddress.Parse("2001:db8::1"), Index = index, Metric = 1024 },
            new()
            {
                Destination = IpPrefix.Parse("2001:db8:9::/48"), Gateway = IPAddress.Parse("2001:db8::1"), Index = index, Metric = 7, Table = 70_000,
                PreferredSource = IPAddress.Parse("2001:db8::2"), Mtu = 1300, AdvertisedMss = 1200,
            },
        ];
        socket.Execute([.. routes.Select(route => new RouteAddition(route))]);

        List<Route> listed = [.. socket.ListRoutes(IpFamily.V4, index), .. socket.ListRoutes(IpFamily.V6, index)];
        Assert.All(routes, route => Assert.Contains(route, listed.Select(r => r with { NextHops = route.NextHops })));

        socket.Execute([.. routes.Select(route => new RouteRemoval(route))]);
        Assert.DoesNotContain(socket.ListRoutes(IpFamily.V4, index), route => route.Protocol == RouteProtocol.Boot);
        Assert.DoesNotContain(socket.ListRoutes(IpFamily.V6, index), route => route.Protocol == RouteProtocol.Boot);
    }

    [RootFact("ip")]
    public void A_multipath_route_is_read_with_all_its_ways()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithAddresses(host);
        host.AddLink("d1");
        host.Ip("link set d1 up");
        host.Ip("addr add 10.1.3.2/24 dev d1");
        host.Ip("route add 10.9.0.0/16 nexthop via 10.1.2.1 dev d0 weight 3 nexthop via 10.1.3.1 dev d1");

        var route = Assert.Single(socket.ListRoutes(IpFamily.V4, index), r => r.Destination == IpPrefix.Parse("10.9.0.0/16"));
        var other = socket.FindLink("d1")!.Index;
        Assert.Equal(
            [new NextHop(index, IPAddress.Parse("10.1.2.1"), 0, 3), new NextHop(other, IPAddress.Parse("10.1.3.1"), 0, 1)],
            route.NextHops);
        Assert.Contains(socket.ListRoutes(IpFamily.V4, other), r => r.Destination == IpPrefix.Parse("10.9.0.0/16"));
    }

    [RootFact("ip")]
    public void What_happens_to_an_equal_destination_is_what_the_mode_says()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithAddresses(host);
        var first = new Route { Destination = IpPrefix.Parse("10.9.0.0/16"), Index = index, Gateway = IPAddress.Parse("10.1.2.1") };
        var second = first with { Gateway = IPAddress.Parse("10.1.2.3") };

        socket.Execute(new RouteAddition(first));
        Assert.Equal(Errno.EEXIST, Refusal(socket, new RouteAddition(second, RouteAdditionMode.OnlyNew)));
        Assert.Equal(Errno.EEXIST, Refusal(socket, new RouteAddition(first)));

        socket.Execute(new RouteAddition(second));
        Assert.Equal(["10.1.2.3", "10.1.2.1"], Gateways(socket, index));
        socket.Execute(new RouteRemoval(second), new RouteAddition(second, RouteAdditionMode.After));
        Assert.Equal(["10.1.2.1", "10.1.2.3"], Gateways(socket, index));
        socket.Execute(new RouteRemoval(second), new RouteAddition(second, RouteAdditionMode.Replace));
        Assert.Equal(["10.1.2.3"], Gateways(socket, index));
    }

    [RootFact("ip")]
    public void A_route_to_nowhere_is_refused_with_the_kernel_s_reason()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithAddresses(host);
        var route = new Route { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("192.0.2.1"), Index = index };
        var error = Assert.Throws<NetlinkException>(() => socket.Execute(new RouteAddition(route)));
        Assert.Equal(
            $"add route 10.9.0.0/16 via 192.0.2.1 through interface number {index}: Network is unreachable (101): Nexthop has invalid gateway",
            error.Message);
        Assert.Equal(Errno.ESRCH, Refusal(socket, new RouteRemoval(route)));
    }

    [RootFact("ip")]
    public void Thousands_of_routes_are_listed_while_others_change_the_table()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithAddresses(host);
        var stable = Enumerable.Range(0, 3000)
            .Select(i => new RouteAddition(new Route { Destination = IpPrefix.Parse($"10.{100 + i / 250}.{i % 250}.0/24"), Index = index }))
            .ToArray();
        socket.Execute(stable);

        using var other = host.Namespace.Run(() => NetlinkSocket.Open(NetlinkProtocol.Route));
        using var stop = new CancellationTokenSource();
        var changing = new Route { Destination = IpPrefix.Parse("10.99.0.0/24"), Index = index };
        var changer = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                other.Execute(new RouteAddition(changing), new RouteRemoval(changing));
        });
        changer.Start();
        try
        {
            for (var i = 0; i < 10; i++)
                Assert.Equal(3000, socket.ListRoutes(IpFamily.V4, index).Count(r => r.Destination.Length == 24 && r.Destination != changing.Destination && r.Protocol == RouteProtocol.Boot));
        }
        finally
        {
            stop.Cancel();
            changer.Join();
        }
    }

    private static List<string> Gateways(NetlinkSocket socket, int index) =>
        [.. socket.ListRoutes(IpFamily.V4, index).Where(r => r.Destination.Length == 16).Select(r => r.Gateway!.ToString())];

    private static Errno Refusal(NetlinkSocket socket, INetlinkRequest request) => socket.TryExecute(request)[0].Errno;

    private static (NetlinkSocket Socket, int Index) WithAddresses(TestNamespace host)
    {
        host.AddLink("d0");
        var socket = host.OpenRoute();
        var index = socket.FindLink("d0")!.Index;
        socket.Execute(
            new LinkChange { Index = index, Up = true },
            new AddressAddition(index, IpPrefix.Parse("10.1.2.2/24")),
            new AddressAddition(index, IpPrefix.Parse("2001:db8::2/64"), AddressFlags.NoDuplicateDetection));
        return (socket, index);
    }
}
