using System.Net;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class AddressesInTheKernelTests
{
    [RootFact("ip")]
    public void Addresses_of_both_families_are_added_listed_and_removed()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithDummy(host);
        var v4 = IpPrefix.Parse("10.1.2.2/24");
        var v6 = IpPrefix.Parse("2001:db8::2/64");
        socket.Execute(
            new LinkChange { Index = index, Up = true },
            new AddressAddition(index, v4),
            new AddressAddition(index, v6, AddressFlags.NoDuplicateDetection));

        var addresses = socket.ListAddresses(index);
        Assert.Equal(
            new InterfaceAddress(index, v4, 0, AddressFlags.Permanent, IPAddress.Parse("10.1.2.255")),
            addresses.Single(address => address.Address.Family == IpFamily.V4));
        Assert.Contains(new InterfaceAddress(index, v6, 0, AddressFlags.Permanent | AddressFlags.NoDuplicateDetection, null), addresses);

        socket.Execute(new AddressRemoval(index, v4), new AddressRemoval(index, v6));
        Assert.DoesNotContain(socket.ListAddresses(index), address => address.Scope == 0);
    }

    [RootFact("ip")]
    public void Only_the_addresses_of_the_interface_are_listed()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithDummy(host);
        host.Ip("link set lo up");
        Assert.Empty(socket.ListAddresses(index));
    }

    [RootFact("ip")]
    public void An_address_without_prefix_route_leaves_the_main_table_alone()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithDummy(host);
        socket.Execute(
            new LinkChange { Index = index, Up = true },
            new AddressAddition(index, IpPrefix.Parse("10.1.2.2/24"), AddressFlags.NoPrefixRoute),
            new AddressAddition(index, IpPrefix.Parse("2001:db8::2/64"), AddressFlags.NoPrefixRoute | AddressFlags.NoDuplicateDetection));
        Assert.DoesNotContain(socket.ListRoutes(IpFamily.V4, index), route => route.Table == RouteTable.Main);
        Assert.DoesNotContain(
            socket.ListRoutes(IpFamily.V6, index),
            route => route.Table == RouteTable.Main && route.Destination.Address.ToString().StartsWith("2001", StringComparison.Ordinal));
    }

    [RootFact("ip")]
    public void An_address_that_is_there_already_and_one_that_is_not_are_told_by_their_errors()
    {
        using var host = new TestNamespace();
        var (socket, index) = WithDummy(host);
        var address = IpPrefix.Parse("10.1.2.2/24");
        socket.Execute(new AddressAddition(index, address));
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => socket.Execute(new AddressAddition(index, address))).Errno);
        socket.Execute(new AddressRemoval(index, address));
        Assert.Equal(Errno.EADDRNOTAVAIL, Assert.Throws<NetlinkException>(() => socket.Execute(new AddressRemoval(index, address))).Errno);
    }

    private static (NetlinkSocket Socket, int Index) WithDummy(TestNamespace host)
    {
        host.AddLink("d0");
        var socket = host.OpenRoute();
        return (socket, socket.FindLink("d0")!.Index);
    }
}
