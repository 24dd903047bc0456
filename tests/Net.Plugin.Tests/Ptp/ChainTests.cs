using System.Text.Json.Nodes;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>net-ptp with Debian's chained plugins behind it, called as a runtime calls them: the result of one is given to the next.</summary>
public class ChainTests
{
    [RootFact("ip", "net-ptp", "host-local", "portmap", "iptables", "ip6tables")]
    public void A_published_port_is_answered_by_the_container()
    {
        using var host = NewHost();
        using var world = new TestNamespace();
        host.Namespace.Ip($"link add uplink type veth peer name eth0 netns {world.Name}");
        host.Namespace.Ip("link set uplink up");
        host.Namespace.Ip("addr add 203.0.113.1/24 dev uplink");
        world.Ip("link set eth0 up");
        world.Ip("addr add 203.0.113.2/24 dev eth0");
        var container = host.NewContainer();
        var published = new JsonObject
        {
            ["type"] = "portmap",
            ["capabilities"] = new JsonObject { ["portMappings"] = true },
            ["runtimeConfig"] = new JsonObject
            {
                ["portMappings"] = new JsonArray(new JsonObject { ["hostPort"] = 8080, ["containerPort"] = 80, ["protocol"] = "tcp" }),
            },
        };
        var result = Run(host, container, published);
        Assert.Equal("203.0.113.2", Traffic.SourceSeen(world, container, "203.0.113.1", 8080, "10.1.2.2", 80));
        // portmap 1.1.1 looks for its IPv4 rules in ip6tables too, so its own CHECK always fails.
        host.Check(container, result).Must();
        Delete(host, container, published, result);
    }

    [RootTheory("ip", "net-ptp", "host-local", "iptables", "ip6tables", "bandwidth", "tuning", "firewall")]
    [InlineData("tuning", """{"type":"tuning","mac":"02:00:5e:10:00:01","mtu":1300,"sysctl":{"net.ipv4.conf.eth0.log_martians":"1"}}""")]
    [InlineData("bandwidth", """{"type":"bandwidth","ingressRate":8000000,"ingressBurst":800000,"egressRate":8000000,"egressBurst":800000}""")]
    [InlineData("firewall", """{"type":"firewall","backend":"iptables"}""")]
    public void Other_plugins_find_what_they_need_and_CHECK_and_DEL_still_work(string plugin, string configuration)
    {
        Assert.NotNull(Programs.Find(plugin));
        using var host = NewHost();
        var container = host.NewContainer();
        var chained = JsonNode.Parse(configuration)!.AsObject();
        var result = Run(host, container, chained);
        Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, "10.1.2.2"));
        host.Check(container, result).Must();
        Call(host, "CHECK", container, chained, result).Must();
        Delete(host, container, chained, result);
    }

    private static PtpHost NewHost()
    {
        var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipam"]!["routes"] = JsonNode.Parse("""[{"dst":"0.0.0.0/0"}]""");
        return host;
    }

    private static CniOutcome Run(PtpHost host, TestNamespace container, JsonObject chained) =>
        Call(host, "ADD", container, chained, host.Add(container).Must()).Must();

    private static void Delete(PtpHost host, TestNamespace container, JsonObject chained, CniOutcome result)
    {
        Call(host, "DEL", container, chained, result).Must();
        host.Del(container).Must();
        Assert.Null(container.OpenRoute().FindLink("eth0"));
        Assert.Empty(host.Leases());
    }

    private static CniOutcome Call(PtpHost host, string verb, TestNamespace container, JsonObject chained, CniOutcome previous)
    {
        var configuration = chained.DeepClone();
        configuration["cniVersion"] = host.Configuration["cniVersion"]!.DeepClone();
        configuration["name"] = host.Configuration["name"]!.DeepClone();
        configuration["prevResult"] = JsonNode.Parse(previous.Output);
        return host.Call(Programs.Find(chained["type"]!.GetValue<string>())!, verb, container.FilePath, "eth0", container.Name, configuration.ToJsonString());
    }
}
