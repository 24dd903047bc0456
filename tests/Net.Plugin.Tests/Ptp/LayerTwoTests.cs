using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>Without an IPAM plugin an attachment is a pair of interfaces that are up, and nothing else.</summary>
public class LayerTwoTests
{
    private const string Forwarding = "net.ipv6.conf.all.forwarding";

    [RootTheory("ip", "net-ptp", "ping")]
    [InlineData(null)]
    [InlineData("{}")]
    public void Frames_pass_between_both_ends_and_nobody_has_an_address(string? ipam)
    {
        using var host = NewHost(ipam);
        host.Configuration["mtu"] = 1400;
        var container = host.NewContainer();
        var before = host.State();
        var added = host.Add(container).Must();

        var veth = TagOf(container).HostLinkName;
        Assert.Equal([veth, "eth0"], added.Json.GetProperty("interfaces").EnumerateArray().Select(end => end.GetProperty("name").GetString()));
        Assert.False(added.Json.TryGetProperty("ips", out _));
        var (inside, outside) = (container.OpenRoute().FindLink("eth0")!, host.Namespace.OpenRoute().FindLink(veth)!);
        Assert.Equal((true, true, 1400u, 1400u), (inside.IsUp, outside.IsUp, inside.Mtu, outside.Mtu));
        Assert.Equal("", container.Ip("-4 addr show") + container.Ip("route show") + host.Namespace.Ip("-4 addr show") + host.Namespace.Ip("route show"));
        Assert.DoesNotContain("scope global", container.Ip("-6 addr show") + host.Namespace.Ip("-6 addr show"), StringComparison.Ordinal);
        Assert.Equal("0", host.Namespace.Run("sysctl", "-n", Forwarding).Trim());

        container.Ip("addr add 192.0.2.2/24 dev eth0");
        host.Namespace.Ip($"addr add 192.0.2.1/24 dev {veth}");
        container.Run("ping", "-c", "1", "-W", "5", "192.0.2.1");
        container.Ip("addr add fe80::2/64 dev eth0 nodad");
        host.Namespace.Ip($"addr add fe80::1/64 dev {veth} nodad");
        host.Namespace.Run("ping", "-c", "1", "-W", "5", "-I", veth, $"fe80::2%{veth}");

        host.Check(container, added).Must();
        host.Del(container).Must();
        Assert.Equal(before, host.State());
        host.Del(container).Must();
    }

    [RootFact("ip", "net-ptp")]
    public void CHECK_looks_at_the_pair_alone_and_names_what_is_wrong()
    {
        using var host = NewHost(ipam: null);
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        var final = JsonNode.Parse(added.Output)!;
        final["ips"] = JsonNode.Parse("""[{"address":"10.1.2.2/24","interface":1}]""");
        host.Check(container, added with { Output = final.ToJsonString() }).Must();

        host.Namespace.Ip($"link set {TagOf(container).HostLinkName} down");
        Assert.Contains("is down", host.Check(container, added).MustFail().Message, StringComparison.Ordinal);
        container.Ip("link delete eth0");
        Assert.Contains("there is no interface eth0 in netns", host.Check(container, added).MustFail().Message, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp")]
    public void STATUS_needs_no_IPAM_plugin_and_GC_removes_what_is_not_listed()
    {
        using var host = NewHost(ipam: null);
        host.Configuration["cniVersion"] = "1.1.0";
        Assert.Equal("", Call(host, "STATUS").Must().Output);
        var (kept, dropped) = (host.NewContainer(), host.NewContainer());
        host.Add(kept).Must();
        host.Add(dropped).Must();
        host.Configuration["cni.dev/valid-attachments"] = new JsonArray(new JsonObject { ["containerID"] = kept.Name, ["ifname"] = "eth0" });
        Call(host, "GC").Must();
        Assert.NotNull(kept.OpenRoute().FindLink("eth0"));
        Assert.Null(dropped.OpenRoute().FindLink("eth0"));
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("ipMasq", "true", 7, "ipMasq is set, and there is no ipam; without ipam containers get no addresses that could be masqueraded")]
    [InlineData("cniVersion", "\"0.2.0\"", 999, "no valid IP addresses")]
    public void What_needs_addresses_is_refused_and_nothing_stays(string key, string value, int code, string message)
    {
        using var host = NewHost(ipam: null);
        host.Configuration[key] = JsonNode.Parse(value);
        var before = host.State();
        var refused = host.Add(host.NewContainer()).MustFail();
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State());
    }

    private static PtpHost NewHost(string? ipam)
    {
        var host = new PtpHost { PluginPath = "/nonexistent" };
        host.Configuration.Remove("ipam");
        if (ipam is not null)
            host.Configuration["ipam"] = JsonNode.Parse(ipam);
        return host;
    }

    private static AttachmentTag TagOf(TestNamespace container) => new("mynet", container.Name, "eth0");

    private static CniOutcome Call(PtpHost host, string verb) => host.Call(host.Plugin, verb, "", "", "", host.Configuration.ToJsonString());
}
