using System.Text.Json.Nodes;
using Net.Plugin.Tests.Support;
using static Net.Plugin.Tests.Support.World;

namespace Net.Plugin.Tests.Ptp;

public class TrafficTests
{
    [RootTheory("ip", "net-ptp", "host-local", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Containers_reach_the_host_each_other_and_the_world_from_the_first_moment(string backend)
    {
        using var host = new PtpHost();
        using var world = new TestNamespace();
        Connect(host.Namespace, world);
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        host.Configuration["ipam"]!["routes"] = JsonNode.Parse("""[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]""");
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = backend;
        var (first, second) = (host.NewContainer(), host.NewContainer());
        host.Add(first).Must();
        Assert.Equal("2001:db8::2", Traffic.SourceSeen(first, host.Namespace, "2001:db8::1"));
        host.Add(second).Must();
        Assert.Equal("10.1.2.3", Traffic.SourceSeen(second, host.Namespace, "10.1.2.1"));

        Assert.Equal("10.1.2.2", Traffic.SourceSeen(first, second, "10.1.2.3"));
        Assert.Equal("2001:db8::3", Traffic.SourceSeen(second, first, "2001:db8::2"));
        Assert.Equal("10.1.2.1", Traffic.SourceSeen(host.Namespace, first, "10.1.2.2"));
        Assert.Equal($"{V4}.1", Traffic.SourceSeen(first, world, $"{V4}.2"));
        Assert.Equal($"{V6}:1", Traffic.SourceSeen(second, world, $"{V6}:2"));

        host.Del(first).Must();
        Assert.Equal($"{V4}.1", Traffic.SourceSeen(second, world, $"{V4}.2"));
    }

    [RootTheory("ip", "net-ptp", "host-local", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void One_family_may_be_masqueraded_and_destinations_excepted(string backend)
    {
        using var host = new PtpHost();
        using var world = new TestNamespace();
        Connect(host.Namespace, world);
        world.Ip($"route add 10.1.2.0/24 via {V4}.1");
        world.Ip($"addr add {V6}:3/64 dev eth0 nodad");
        world.Ip($"route add 2001:db8::/64 via {V6}:1");
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        host.Configuration["ipam"]!["routes"] = JsonNode.Parse("""[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]""");
        host.Configuration["ipMasq"] = "ipv6";
        host.Configuration["ipMasqBackend"] = backend;
        host.Configuration["nonMasqCidrs"] = new JsonArray("10.0.0.0/8", $"{V6}:3/128");
        var container = host.NewContainer();
        var added = host.Add(container).Must();

        Assert.Equal("10.1.2.2", Traffic.SourceSeen(container, world, $"{V4}.2"));
        Assert.Equal($"{V6}:1", Traffic.SourceSeen(container, world, $"{V6}:2"));
        Assert.Equal("2001:db8::2", Traffic.SourceSeen(container, world, $"{V6}:3"));
        host.Check(container, added).Must();
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void Without_masquerade_the_world_sees_the_container_s_own_address()
    {
        using var host = new PtpHost();
        using var world = new TestNamespace();
        Connect(host.Namespace, world);
        host.Configuration["ipam"]!["routes"] = JsonNode.Parse("""[{"dst":"0.0.0.0/0"}]""");
        var container = host.NewContainer();
        host.Add(container).Must();
        world.Ip($"route add 10.1.2.0/24 via {V4}.1");
        Assert.Equal("10.1.2.2", Traffic.SourceSeen(container, world, $"{V4}.2"));
        Assert.Equal($"{V4}.2", Traffic.SourceSeen(world, container, "10.1.2.2"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void The_MTU_is_honoured_and_larger_packets_are_refused()
    {
        using var host = new PtpHost();
        host.Configuration["mtu"] = 1400;
        var container = host.NewContainer();
        host.Add(container).Must();
        Assert.True(Traffic.CanSendWhole(container, host.Namespace, "10.1.2.1", 1400));
        Assert.False(Traffic.CanSendWhole(container, host.Namespace, "10.1.2.1", 1401));
    }

    [RootFact("ip", "net-ptp")]
    public void A_route_s_MTU_and_segment_size_are_used()
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host).Answers("ADD", """
            {"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}],
             "routes":[{"dst":"203.0.113.0/24","mtu":1300,"advmss":1000}]}
            """);
        var container = host.NewContainer();
        host.Add(container).Must();
        Assert.Contains("mtu 1300 advmss 1000", container.Ip("route get 203.0.113.9"), StringComparison.Ordinal);
    }
}
