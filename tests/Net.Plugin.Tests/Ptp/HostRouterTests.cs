using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>A host that has its own IPv6 default route from router advertisements keeps it when it begins to forward.</summary>
public class HostRouterTests
{
    private const string Address = """{"cniVersion":"1.0.0","ips":[{"address":"2001:db8::2/64","gateway":"2001:db8::1"}]}""";

    [RootFact("ip", "net-ptp")]
    public void The_host_keeps_the_default_route_that_its_router_advertises()
    {
        using var host = HostWithRouter(out var router);
        new FakeIpam(host).Answers("ADD", Address);
        host.Namespace.Run("sysctl", "-q", "-w", "net.ipv6.conf.other.accept_ra=1");

        host.Add(host.NewContainer()).Must();

        Assert.Equal("1", host.Namespace.Run("sysctl", "-n", "net.ipv6.conf.all.forwarding").Trim());
        Assert.Contains("default via fe80::", host.Namespace.Ip("-6 route show"), StringComparison.Ordinal);
        Assert.Equal("2", host.Namespace.Run("sysctl", "-n", "net.ipv6.conf.uplink.accept_ra").Trim());
        // And what hears of no router isn't opened to one that comes.
        Assert.Equal("1", host.Namespace.Run("sysctl", "-n", "net.ipv6.conf.other.accept_ra").Trim());
        router.Dispose();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("uplink.accept_ra=0", "0")]
    [InlineData("uplink.accept_ra=2", "2")]
    public void What_somebody_else_has_decided_stays(string setting, string expected)
    {
        using var host = HostWithRouter(out var router);
        new FakeIpam(host).Answers("ADD", Address);
        host.Namespace.Run("sysctl", "-q", "-w", $"net.ipv6.conf.{setting}");
        host.Add(host.NewContainer()).Must();
        Assert.Equal(expected, host.Namespace.Run("sysctl", "-n", "net.ipv6.conf.uplink.accept_ra").Trim());
        router.Dispose();
    }

    [RootFact("ip", "net-ptp")]
    public void A_container_with_IPv4_alone_changes_nothing_of_it()
    {
        using var host = HostWithRouter(out var router);
        new FakeIpam(host).Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24"}]}""");
        host.Add(host.NewContainer()).Must();
        Assert.Equal("1", host.Namespace.Run("sysctl", "-n", "net.ipv6.conf.uplink.accept_ra").Trim());
        Assert.Contains("default via fe80::", host.Namespace.Ip("-6 route show"), StringComparison.Ordinal);
        router.Dispose();
    }

    private static PtpHost HostWithRouter(out TestNamespace router)
    {
        var host = new PtpHost();
        router = new TestNamespace();
        host.Namespace.Ip($"link add uplink type veth peer name lan netns {router.Name}");
        host.Namespace.Ip("link add other type veth peer name another");
        host.Namespace.Run("sysctl", "-q", "-w", "net.ipv6.conf.uplink.accept_ra=1");
        host.Namespace.Ip("link set uplink up");
        router.Ip("link set lan up");
        using var socket = router.OpenRoute();
        var index = socket.FindLink("lan")!.Index;
        var there = router;
        Wait.Until(() => !there.Ip("-6 addr show dev lan").Contains("tentative", StringComparison.Ordinal)
            && !host.Namespace.Ip("-6 addr show dev uplink").Contains("tentative", StringComparison.Ordinal));
        RouterAdvertisement.Send(router, index);
        Wait.Until(() => host.Namespace.Ip("-6 route show").Contains("default via fe80::", StringComparison.Ordinal));
        return host;
    }
}
