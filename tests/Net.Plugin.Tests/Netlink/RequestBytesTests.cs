using System.Net;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

/// <summary>The bodies of all requests against the layouts of linux/if_link.h, if_addr.h and rtnetlink.h, on a little-endian machine.</summary>
public class RequestBytesTests
{
    [Fact]
    public void A_veth_pair_is_one_request_with_the_other_end_and_its_namespace_nested()
    {
        using var file = SystemFile.OpenToRead("/proc/self/ns/net", out _);
        var fd = Convert.ToHexStringLower(BitConverter.GetBytes(file.Number));
        Assert.True(MacAddress.TryParse("02:00:5e:10:00:01", out var mac));
        var request = new VethCreation(new VethEnd("eth0", mac, 1400), new VethEnd("veth1", null, 1400), file);

        Expect(request, RouteMessageType.NewLink, MessageFlags.Create | MessageFlags.Exclusive, $"""
            00 00 0000 00000000 00000000 00000000
            0900 0300 65746830 00000000
            0800 0400 78050000
            0a00 0100 02005e100001 0000
            4400 1280
              0900 0100 76657468 00000000
              3400 0280
                3000 0180
                  00 00 0000 00000000 00000000 00000000
                  0a00 0300 76657468 3100 0000
                  0800 0400 78050000
                  0800 1c00 {fd}
            """);
        Assert.Equal("make the veth pair eth0 and veth1", ((INetlinkRequest)request).Describe());
    }

    [Fact]
    public void A_link_is_changed_by_index_or_by_name_and_only_in_what_is_said()
    {
        Expect(new LinkChange { Index = 7, Up = true }, RouteMessageType.SetLink, MessageFlags.None,
            "00 00 0000 07000000 01000000 01000000");
        Expect(new LinkChange { Name = "eth0", Up = false, Alias = "x" }, RouteMessageType.SetLink, MessageFlags.None,
            "00 00 0000 00000000 00000000 01000000  0900 0300 65746830 00000000  0600 1400 7800 0000");
        Expect(new LinkChange { Index = 7, Mtu = 1280 }, RouteMessageType.SetLink, MessageFlags.None,
            "00 00 0000 07000000 00000000 00000000  0800 0400 00050000");
    }

    [Fact]
    public void A_link_is_looked_up_without_its_counters()
    {
        Expect(new LinkQuery { Name = "lo" }, RouteMessageType.GetLink, MessageFlags.None,
            "00000000 00000000 00000000 00000000  0700 0300 6c6f00 00  0800 1d00 08000000");
        Expect(new LinkRemoval { Index = 258 }, RouteMessageType.DeleteLink, MessageFlags.None,
            "00000000 02010000 00000000 00000000");
        Expect(new LinkList("veth"), RouteMessageType.GetLink, MessageFlags.None,
            "00000000 00000000 00000000 00000000  0800 1d00 08000000  1000 1280 0900 0100 7665746800 000000");
    }

    [Fact]
    public void An_IPv4_address_has_its_broadcast_address_up_to_a_prefix_of_30()
    {
        Expect(new AddressAddition(7, IpPrefix.Parse("10.1.2.2/24")), RouteMessageType.NewAddress, MessageFlags.Create | MessageFlags.Exclusive,
            "02 18 00 00 07000000  0800 0200 0a010202  0800 0100 0a010202  0800 0400 0a0102ff");
        Expect(new AddressAddition(7, IpPrefix.Parse("10.1.2.1/30")), RouteMessageType.NewAddress, MessageFlags.Create | MessageFlags.Exclusive,
            "02 1e 00 00 07000000  0800 0200 0a010201  0800 0100 0a010201  0800 0400 0a010203");
        Expect(new AddressAddition(7, IpPrefix.Parse("10.1.2.2/31")), RouteMessageType.NewAddress, MessageFlags.Create | MessageFlags.Exclusive,
            "02 1f 00 00 07000000  0800 0200 0a010202  0800 0100 0a010202");
    }

    [Fact]
    public void An_IPv6_address_has_flags_that_do_not_fit_into_the_header()
    {
        Expect(
            new AddressAddition(7, IpPrefix.Parse("2001:db8::2/64"), AddressFlags.NoDuplicateDetection | AddressFlags.NoPrefixRoute),
            RouteMessageType.NewAddress,
            MessageFlags.Create | MessageFlags.Exclusive,
            """
            0a 40 00 00 07000000
            1400 0200 20010db8 00000000 00000000 00000002
            1400 0100 20010db8 00000000 00000000 00000002
            0800 0800 02020000
            """);
        Expect(new AddressRemoval(7, IpPrefix.Parse("10.1.2.2/24")), RouteMessageType.DeleteAddress, MessageFlags.None,
            "02 18 00 00 07000000  0800 0200 0a010202  0800 0100 0a010202");
        Expect(new AddressList(7), RouteMessageType.GetAddress, MessageFlags.None, "00 00 00 00 07000000");
    }

    [Fact]
    public void A_default_route_has_no_destination_attribute()
    {
        var route = new Route { Destination = IpPrefix.Everything(IpFamily.V4), Gateway = IPAddress.Parse("10.1.2.1"), Index = 7 };
        Expect(new RouteAddition(route), RouteMessageType.NewRoute, MessageFlags.Create,
            "02 00 00 00 fe 03 00 01 00000000  0800 0500 0a010201  0800 0400 07000000");
    }

    [Fact]
    public void A_route_carries_all_that_it_was_given()
    {
        var route = new Route
        {
            Destination = IpPrefix.Parse("10.9.8.7/8"),
            Gateway = IPAddress.Parse("10.1.2.1"),
            PreferredSource = IPAddress.Parse("10.1.2.2"),
            Index = 7,
            Metric = 100,
            Table = 1000,
            Scope = RouteScope.Site,
            Flags = NextHopFlags.OnLink,
            Mtu = 1400,
            AdvertisedMss = 1360,
        };
        const string Body = """
            02 08 00 00 00 03 c8 01 04000000
            0800 0f00 e8030000
            0800 0100 0a000000
            0800 0500 0a010201
            0800 0700 0a010202
            0800 0400 07000000
            0800 0600 64000000
            1400 0880 0800 0200 78050000 0800 0800 50050000
            """;
        Expect(new RouteAddition(route, RouteAdditionMode.After), RouteMessageType.NewRoute, MessageFlags.Create | MessageFlags.Append, Body);
        Expect(new RouteAddition(route, RouteAdditionMode.Replace), RouteMessageType.NewRoute, MessageFlags.Create | MessageFlags.Replace, Body);
        Expect(new RouteAddition(route, RouteAdditionMode.OnlyNew), RouteMessageType.NewRoute, MessageFlags.Create | MessageFlags.Exclusive, Body);
        Expect(new RouteRemoval(route), RouteMessageType.DeleteRoute, MessageFlags.None, Body);
    }

    [Fact]
    public void A_gateway_of_the_other_family_goes_with_its_family()
    {
        var route = new Route { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("fe80::1"), Index = 7 };
        Expect(new RouteAddition(route), RouteMessageType.NewRoute, MessageFlags.Create, """
            02 10 00 00 fe 03 00 01 00000000
            0800 0100 0a090000
            1600 1200 0a00 fe80 00000000 00000000 00000000 0001 0000
            0800 0400 07000000
            """);
    }

    [Fact]
    public void A_host_route_of_IPv6_has_sixteen_bytes()
    {
        var route = new Route { Destination = IpPrefix.Parse("2001:db8::2/128"), Index = 7 };
        Expect(new RouteAddition(route), RouteMessageType.NewRoute, MessageFlags.Create,
            "0a 80 00 00 fe 03 00 01 00000000  1400 0100 20010db8 00000000 00000000 00000002  0800 0400 07000000");
        Expect(new RouteList(IpFamily.V6, 7), RouteMessageType.GetRoute, MessageFlags.None,
            "0a 00 00 00 00 00 00 00 00000000  0800 0400 07000000");
    }

    private static void Expect(INetlinkRequest request, ushort type, MessageFlags flags, string body)
    {
        Assert.Equal(type, request.Type);
        Assert.Equal(flags, request.Flags);
        Assert.Equal(Bytes.Grouped(body), Bytes.BodyOf(request));
    }
}
