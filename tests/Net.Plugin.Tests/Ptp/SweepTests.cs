using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class SweepTests
{
    private const string Answer = """{"cniVersion":"1.1.0","ips":[{"address":"10.1.2.ID/24","gateway":"10.1.2.1"}]}""";

    [RootTheory("ip", "net-ptp", "nft", "iptables", "ip6tables")]
    [InlineData("nftables", "cni.dev/valid-attachments")]
    [InlineData("nftables", "cni.dev/attachments")]
    [InlineData("iptables", "cni.dev/valid-attachments")]
    public void What_is_not_listed_is_removed_and_what_is_listed_or_of_another_network_stays(string backend, string key)
    {
        using var host = NewHost(backend, out var ipam);
        var (kept, dropped, foreign) = (Attach(host, ipam, 2), Attach(host, ipam, 3), Attach(host, ipam, 4, "othernet"));
        var outcome = Gc(host, (key, List(kept))).Must();
        Assert.Equal("", outcome.Output);
        Assert.Null(dropped.OpenRoute().FindLink("eth0"));
        Assert.NotNull(kept.OpenRoute().FindLink("eth0"));
        Assert.NotNull(foreign.OpenRoute().FindLink("eth0"));
        var rules = host.MasqueradeRules();
        Assert.Contains("10.1.2.2", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", rules, StringComparison.Ordinal);
        Assert.Contains("10.1.2.4", rules, StringComparison.Ordinal);
        Assert.Equal("GC", ipam.Verbs[^1]);
        Assert.Contains(key, ipam.Stdin("GC"), StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void An_empty_list_means_that_nothing_is_valid()
    {
        using var host = NewHost("nftables", out var ipam);
        Attach(host, ipam, 2);
        Gc(host, ("cni.dev/valid-attachments", new JsonArray())).Must();
        Assert.Empty(host.Namespace.OpenRoute().ListVeths());
        Assert.Equal("", host.MasqueradeRules());
    }

    [RootTheory("ip", "net-ptp", "nft")]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_list_only_rules_whose_link_is_gone_are_removed(bool isNull)
    {
        using var host = NewHost("nftables", out var ipam);
        Attach(host, ipam, 2);
        Attach(host, ipam, 3).Ip("link delete eth0");
        Gc(host, isNull ? ("cni.dev/valid-attachments", null) : null).Must();
        Assert.Single(host.Namespace.OpenRoute().ListVeths());
        Assert.Contains("10.1.2.2", host.MasqueradeRules(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", host.MasqueradeRules(), StringComparison.Ordinal);
        Assert.Equal("GC", ipam.Verbs[^1]);
    }

    [RootTheory("ip", "net-ptp", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Nor_are_the_rules_of_a_running_container_whose_link_does_not_say_what_it_is(string backend)
    {
        using var host = NewHost(backend, out var ipam);
        var running = Attach(host, ipam, 2);
        Attach(host, ipam, 3).Ip("link delete eth0");
        host.Namespace.Run("ip", "link", "set", new AttachmentTag("mynet", running.Name, "eth0").HostLinkName, "alias", "");
        Gc(host, list: null).Must();
        Assert.Contains("10.1.2.2", host.MasqueradeRules(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", host.MasqueradeRules(), StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void The_IPAM_plugin_s_error_is_passed_on_after_everything_is_swept()
    {
        using var host = NewHost("nftables", out var ipam);
        Attach(host, ipam, 2);
        ipam.Fails("GC", """{"code":11,"msg":"busy"}""");
        var failed = Gc(host, ("cni.dev/valid-attachments", new JsonArray())).MustFail();
        Assert.Equal((11, "busy"), (failed.Code, failed.Message));
        Assert.Empty(host.Namespace.OpenRoute().ListVeths());
    }

    [RootFact("ip", "net-ptp")]
    public void Older_versions_do_not_have_the_verb()
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host);
        Assert.Equal(1, host.Call(host.Plugin, "GC", "", "", "", host.Configuration.ToJsonString()).MustFail().Code);
    }

    private static PtpHost NewHost(string backend, out FakeIpam ipam)
    {
        var host = new PtpHost();
        host.Configuration["cniVersion"] = "1.1.0";
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = backend;
        ipam = new FakeIpam(host);
        return host;
    }

    private static TestNamespace Attach(PtpHost host, FakeIpam ipam, int id, string network = "mynet")
    {
        ipam.Answers("ADD", Answer.Replace("ID", $"{id}", StringComparison.Ordinal));
        var container = host.NewContainer();
        var configuration = host.Configuration.DeepClone();
        configuration["name"] = network;
        host.Call("ADD", container, configuration: configuration.ToJsonString()).Must();
        return container;
    }

    private static JsonArray List(TestNamespace container) => new(new JsonObject { ["containerID"] = container.Name, ["ifname"] = "eth0" });

    // As libcni calls it: the variables about an attachment are there but empty.
    private static CniOutcome Gc(PtpHost host, (string Key, JsonNode? Value)? list)
    {
        var configuration = host.Configuration.DeepClone().AsObject();
        if (list is { } given)
            configuration[given.Key] = given.Value;
        return host.Call(host.Plugin, "GC", "", "", "", configuration.ToJsonString());
    }
}
