using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>Every step of ADD made to fail: the error names it, and host, container and leases are as they were before.</summary>
public class FailedAdditionTests
{
    private const string Address = """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""";

    [RootTheory("ip", "net-ptp")]
    [InlineData("""{"code":11,"msg":"no address now","details":"later"}""", 11, "no address now; later")]
    [InlineData("""{"code":100,"msg":"odd"}""", 100, "odd")]
    [InlineData("not json", 0, "netplugin failed but error parsing its diagnostic message \"not json\"")]
    [InlineData("", 0, "netplugin failed with no error message: exit status 1")]
    [InlineData(Address, 0, "netplugin failed but error parsing its diagnostic message")]
    public void The_IPAM_plugin_s_error_is_passed_on_and_what_it_may_have_taken_is_given_back(string output, int code, string message)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Fails("ADD", output);
        ExpectFailure(host, code, message);
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("""{"cniVersion":"1.0.0"}""", 999, "IPAM plugin returned missing IP config")]
    [InlineData("""{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2"}]}""", 6, "invalid CIDR address: 10.1.2.2")]
    [InlineData("""{"cniVersion":"9.0.0","ips":[{"address":"10.1.2.2/24"}]}""", 1, "incompatible CNI versions")]
    [InlineData("[]", 6, "wanted an object")]
    [InlineData("", 6, "")]
    public void A_result_that_can_not_be_used_is_given_back(string output, int code, string message)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", output);
        ExpectFailure(host, code, message);
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp")]
    public void What_comes_behind_a_result_that_was_used_already_makes_it_unusable()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Does("ADD", $"echo '{Address}'; sleep 0.1\n").Answers("ADD", "more");
        ExpectFailure(host, 6, "invalid JSON");
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp")]
    public void A_result_may_come_in_pieces()
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host).Does("ADD", $"printf %s '{Address[..20]}'; sleep 0.1\n").Answers("ADD", Address[20..]);
        host.Add(host.NewContainer()).Must();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("""{"type":"no-such-ipam"}""", 999, "failed to find plugin \"no-such-ipam\" in path [")]
    [InlineData("""{"subnet":"10.1.2.0/24"}""", 7, "ipam.type is missing")]
    [InlineData("""{"type":""}""", 7, "ipam.type is missing")]
    [InlineData("""{"type":"a/b"}""", 7, "invalid plugin name: a/b")]
    public void An_IPAM_plugin_that_can_not_be_run_is_named(string ipam, int code, string message)
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = JsonNode.Parse(ipam);
        ExpectFailure(host, code, message);
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_taken_name_is_refused_before_IPAM_is_asked_and_the_running_attachment_stays_whole()
    {
        using var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        var container = host.NewContainer();
        var first = host.Add(container).Must();
        var before = host.State();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        var refused = host.Add(container).MustFail();
        Assert.Equal(999, refused.Code);
        Assert.Contains($"interface \"eth0\" already exists in netns \"{container.FilePath}\"", refused.Message, StringComparison.Ordinal);
        Assert.Empty(ipam.Calls);
        Assert.Equal(before, host.State());
        host.PluginPath = "/usr/lib/cni";
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24");
        host.Check(container, first).Must();
    }

    [RootFact("ip", "net-ptp")]
    public void The_same_attachment_in_another_namespace_is_refused_before_IPAM_is_asked()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        host.Add(host.NewContainer(), id: "same").Must();
        var before = host.State();
        var refused = host.Add(host.NewContainer(), id: "same").MustFail();
        Assert.Contains("container same is attached to network mynet by eth0 already", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["ADD"], ipam.Verbs);
        Assert.Equal(before, host.State());
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("""[{"dst":"10.9.0.0/16","scope":255}]""", "failed to configure the container's end: add route 10.9.0.0/16")]
    public void A_route_that_the_kernel_refuses_fails_the_whole(string routes, string message)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address[..^1] + $",\"routes\":{routes}}}");
        ExpectFailure(host, 999, message);
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp")]
    public void A_container_that_is_taken_away_in_the_middle_fails_the_whole()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", Address).Does("ADD", FakeIpam.WaitsForThePair + "ip -n ${CNI_NETNS##*/} link delete eth0\n");
        ExpectFailure(host, 999, "failed to configure the container's end");
    }

    [RootFact("ip", "net-ptp")]
    public void A_host_end_that_takes_no_address_fails_the_whole()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var veth = new AttachmentTag("mynet", container.Name, "eth0").HostLinkName;
        // Below 1280 bytes an interface has no IPv6 (RFC 8200).
        new FakeIpam(host)
            .Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"2001:db8::2/64","gateway":"2001:db8::1"}]}""")
            .Does("ADD", $"{FakeIpam.WaitsForThePair}ip link set {veth} mtu 1000\n");
        ExpectFailure(host, 999, "failed to configure the host's end: add address 2001:db8::1/128", container);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData(67)]
    [InlineData(65536)]
    public void An_impossible_mtu_is_refused_before_IPAM_is_asked(int mtu)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        host.Configuration["mtu"] = mtu;
        ExpectFailure(host, 7, $"mtu is {mtu}; a veth takes 68 to 65535");
        Assert.Empty(ipam.Calls);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("mtu", "\"Auto\"", 6, "\"mtu\" must be a number, found a string")]
    [InlineData("mtu", "\"1400\"", 6, "\"mtu\" must be a number, found a string")]
    [InlineData("ipMasq", "\"true\"", 7, "ipMasq is \"true\"; it is true for both families, false for none, or \"ipv4\" or \"ipv6\"")]
    [InlineData("ipMasq", "1", 6, "\"ipMasq\" must be true or false, found a number")]
    [InlineData("nonMasqCidrs", "[\"10.0.0.0\"]", 7, "nonMasqCidrs: '10.0.0.0' is no prefix; write it like 10.1.2.0/24 or 2001:db8::/64")]
    [InlineData("nonMasqCidrs", "\"10.0.0.0/8\"", 6, "\"nonMasqCidrs\" must be")]
    [InlineData("ipMasqBackend", "\"pf\"", 7, "unknown ipmasq backend \"pf\"")]
    [InlineData("ipMasqBackend", "\"\"", 7, "unknown ipmasq backend \"\"")]
    [InlineData("runtimeConfig", """{"mac":"02:00"}""", 7, "runtimeConfig.mac is \"02:00\"")]
    public void A_configuration_that_makes_no_sense_is_refused_before_anything(string key, string value, int code, string message)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        host.Configuration["ipMasq"] = true;
        host.Configuration[key] = JsonNode.Parse(value);
        ExpectFailure(host, code, message);
        Assert.Empty(ipam.Calls);
    }

    [RootFact("ip", "net-ptp")]
    public void The_plugin_s_own_namespace_is_refused_before_anything()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        ExpectFailure(host, 8, "plugin's netns and netns from CNI_NETNS should not be the same", host.Namespace);
        Assert.Empty(ipam.Calls);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("/run/netns/there-is-none", "failed to open netns \"/run/netns/there-is-none\": no such file or directory")]
    [InlineData("/proc/self/status", "failed to open netns \"/proc/self/status\": it is no network namespace")]
    [InlineData("/etc/passwd", "failed to open netns \"/etc/passwd\": unknown FS magic 0x")]
    [InlineData("/proc/self/ns/mnt", "failed to open netns \"/proc/self/ns/mnt\": it is no network namespace")]
    public void A_path_that_is_no_network_namespace_is_refused_before_IPAM_is_asked(string path, string message)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        var refused = host.Call(host.Plugin, "ADD", path, "eth0", "c", host.Configuration.ToJsonString()).MustFail();
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Empty(ipam.Calls);
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void An_nftables_table_in_the_way_fails_the_whole()
    {
        using var host = new PtpHost();
        host.Namespace.Run("nft", "table inet cni_plugins_masquerade { chain postrouting { type filter hook input priority 0; };}".Replace(";}", "\n}", StringComparison.Ordinal));
        new FakeIpam(host).Answers("ADD", Address);
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = "nftables";
        ExpectFailure(host, 999, "failed to set up masquerading: make nftables chain cni_plugins_masquerade postrouting");
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void A_table_that_is_broken_after_it_was_looked_at_is_mended()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", Address).Does("ADD", "sleep 0.05; nft flush ruleset\n");
        host.Configuration["ipMasq"] = true;
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        Assert.Contains("ip saddr 10.1.2.2", host.MasqueradeRules(), StringComparison.Ordinal);
        _ = new FakeIpam(host);
        host.Check(container, added).Must();
    }

    [RootFact("ip", "net-ptp", "unshare")]
    public void A_missing_iptables_fails_the_whole()
    {
        using var wrapper = new WrappedPlugin("mount -t tmpfs none /usr/sbin");
        using var host = new PtpHost { Plugin = wrapper.File };
        var ipam = new FakeIpam(host).Answers("ADD", Address);
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = "iptables";
        ExpectFailure(host, 999, "failed to set up masquerading: iptables-restore is not installed");
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp", "unshare")]
    public void Forwarding_that_can_not_be_turned_on_fails_the_whole()
    {
        using var wrapper = WrappedPlugin.WithReadOnlySysctls();
        using var host = new PtpHost { Plugin = wrapper.File };
        new FakeIpam(host).Answers("ADD", Address);
        ExpectFailure(host, 999, "failed to enable IP forwarding: cannot write 1 to /proc/sys/net/ipv4/ip_forward: Read-only file system");
    }

    [RootFact("ip", "net-ptp")]
    public void What_can_not_be_undone_is_said()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Fails("ADD", """{"code":11,"msg":"first"}""").Fails("DEL", """{"code":5,"msg":"second"}""");
        var refused = host.Add(host.NewContainer()).MustFail();
        Assert.Equal((11, "first; also: second"), (refused.Code, refused.Message));
    }

    [RootFact("ip", "net-ptp")]
    public void An_answer_that_can_not_be_printed_in_the_old_versions_is_given_back()
    {
        using var host = new PtpHost();
        host.Configuration["cniVersion"] = "0.2.0";
        var ipam = new FakeIpam(host).Answers("ADD", """{"cniVersion":"0.2.0"}""");
        ExpectFailure(host, 999, "IPAM plugin returned missing IP config");
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    private static void ExpectFailure(PtpHost host, int code, string message, TestNamespace? container = null)
    {
        container ??= host.NewContainer();
        var (before, inside) = (host.State(), container.Ip("-br link"));
        var outcome = host.Add(container).MustFail();
        Assert.Contains(message, outcome.Message, StringComparison.Ordinal);
        Assert.Equal(code, outcome.Code);
        Assert.Equal(before, host.State());
        Assert.Equal(inside, container.Ip("-br link"));
    }
}
