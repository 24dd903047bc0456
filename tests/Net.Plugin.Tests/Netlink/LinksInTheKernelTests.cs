using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Netlink;

public class LinksInTheKernelTests
{
    [RootFact("ip")]
    public void A_veth_pair_has_one_end_here_and_the_other_there_with_what_was_asked_for()
    {
        using var host = new TestNamespace();
        using var container = new TestNamespace();
        var (inside, outside) = (MacAddress.Random(), MacAddress.Random());
        container.OpenRoute().Execute(
            new VethCreation(new VethEnd("eth0", inside, 1400), new VethEnd("veth1", outside, 1400), host.Namespace.File));

        var eth0 = container.OpenRoute().FindLink("eth0")!;
        var veth1 = host.OpenRoute().FindLink("veth1")!;
        Assert.Equal(("eth0", "veth", inside, 1400u, false), (eth0.Name, eth0.Kind, eth0.Mac, eth0.Mtu, eth0.IsUp));
        Assert.Equal(("veth1", "veth", outside, 1400u, false), (veth1.Name, veth1.Kind, veth1.Mac, veth1.Mtu, veth1.IsUp));
        Assert.Equal((eth0.Index, veth1.Index), (veth1.PeerIndex, eth0.PeerIndex));
        Assert.Null(container.OpenRoute().FindLink("veth1"));
        Assert.Null(host.OpenRoute().FindLink("eth0"));
    }

    [RootFact("ip")]
    public void A_taken_name_on_either_side_leaves_nothing_behind()
    {
        using var host = new TestNamespace();
        using var container = new TestNamespace();
        container.AddLink("eth0");
        host.AddLink("veth1");

        var error = Assert.Throws<NetlinkException>(() => container.OpenRoute().Execute(
            new VethCreation(new VethEnd("eth0"), new VethEnd("veth2"), host.Namespace.File)));
        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Null(host.OpenRoute().FindLink("veth2"));

        error = Assert.Throws<NetlinkException>(() => container.OpenRoute().Execute(
            new VethCreation(new VethEnd("eth1"), new VethEnd("veth1"), host.Namespace.File)));
        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Null(container.OpenRoute().FindLink("eth1"));
    }

    [RootFact("ip")]
    public void A_link_is_created_and_looked_up_in_the_same_datagram()
    {
        using var host = new TestNamespace();
        using var container = new TestNamespace();
        var replies = container.OpenRoute().Execute(
            new VethCreation(new VethEnd("eth0"), new VethEnd("veth1"), host.Namespace.File),
            new LinkQuery { Name = "eth0" });
        Assert.Equal("eth0", replies[1].Parse(Link.Parse).Name);
    }

    [RootFact("ip")]
    public void A_link_is_changed_by_name_or_by_index()
    {
        using var host = new TestNamespace();
        var socket = host.OpenRoute();
        host.AddLink("d0");
        var mac = MacAddress.Random();
        socket.Execute(new LinkChange { Name = "d0", Up = true, Alias = "näme, with: everything", Mac = mac, Mtu = 1280 });
        var link = socket.FindLink("d0")!;
        Assert.Equal((true, "näme, with: everything", mac, 1280u), (link.IsUp, link.Alias, link.Mac, link.Mtu));

        socket.Execute(new LinkChange { Index = link.Index, Up = false }, new LinkChange { Index = link.Index, Name = "d1" });
        Assert.False(socket.FindLink("d1")!.IsUp);
        Assert.Equal("d1", socket.FindLink(link.Index)!.Name);
    }

    [RootFact("ip")]
    public void Deleting_one_end_deletes_the_other_and_deleting_nothing_says_so()
    {
        using var host = new TestNamespace();
        using var container = new TestNamespace();
        container.OpenRoute().Execute(new VethCreation(new VethEnd("eth0"), new VethEnd("veth1"), host.Namespace.File));
        Assert.True(host.OpenRoute().TryRemove(new LinkRemoval { Name = "veth1" }));
        Assert.Null(container.OpenRoute().FindLink("eth0"));
        Assert.False(host.OpenRoute().TryRemove(new LinkRemoval { Name = "veth1" }));
        Assert.False(host.OpenRoute().TryRemove(new LinkRemoval { Index = 4711 }));
    }

    [RootFact("ip")]
    public void Only_veths_are_listed_and_a_long_list_comes_whole()
    {
        using var host = new TestNamespace();
        using var container = new TestNamespace();
        var socket = host.OpenRoute();
        for (var i = 0; i < 40; i++)
            socket.Execute(new VethCreation(new VethEnd($"a{i}"), new VethEnd($"b{i}"), container.Namespace.File));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"a{i}").Order(),
            socket.ListVeths().Select(link => link.Name).Order());
    }

    [RootFact("ip")]
    public void An_impossible_mtu_is_refused()
    {
        using var host = new TestNamespace();
        var error = Assert.Throws<NetlinkException>(() => host.OpenRoute().Execute(
            new VethCreation(new VethEnd("a", Mtu: 65536), new VethEnd("b"), host.Namespace.File)));
        Assert.Equal(Errno.EINVAL, error.Errno);
    }
}
