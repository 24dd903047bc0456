using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class VerificationTests
{
    private const string Veth = "VETH";

    [RootTheory("ip", "net-ptp", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    [InlineData(null)]
    public void What_ADD_made_passes(string? backend)
    {
        using var host = NewHost(out var container, out _, backend);
        var added = host.Add(container).Must();
        var outcome = host.Check(container, added).Must();
        Assert.Equal("", outcome.Output);
    }

    // What is done inside the container or on the host ("HOST "), and what CHECK says then.
    [RootTheory("ip", "net-ptp", "nft")]
    [InlineData("ip link delete eth0", "there is no interface eth0 in netns ")]
    [InlineData("ip link set eth0 down", "interface eth0 in netns NETNS is down")]
    [InlineData("ip link set eth0 address 02:00:00:00:00:01", "interface eth0 in netns NETNS has address 02:00:00:00:00:01, prevResult says ")]
    [InlineData("ip addr del 10.1.2.2/24 dev eth0", "interface eth0 does not have address 10.1.2.2/24")]
    [InlineData("ip addr del 2001:db8::2/64 dev eth0", "interface eth0 does not have address 2001:db8::2/64")]
    [InlineData("ip route del 10.1.2.1", "there is no route 10.1.2.1/32 src 10.1.2.2 through eth0")]
    [InlineData("ip route del 10.1.2.0/24", "there is no route 10.1.2.0/24 via 10.1.2.1 src 10.1.2.2 through eth0")]
    [InlineData("ip route del default", "there is no route 0.0.0.0/0 via 10.1.2.1 through eth0")]
    [InlineData("ip -6 route del default", "there is no route ::/0 via 2001:db8::1 through eth0")]
    [InlineData("ip route del 10.9.0.0/16 table 1000", "there is no route 10.9.0.0/16 via 10.1.2.1 metric 7 table 1000 through eth0")]
    [InlineData("HOST ip link set VETH down", "is down")]
    [InlineData("HOST ip link set VETH address 02:00:00:00:00:01", "in the host has address 02:00:00:00:00:01, prevResult says ")]
    [InlineData("HOST ip addr del 10.1.2.1/32 dev VETH", "does not have address 10.1.2.1/32")]
    [InlineData("HOST ip addr del 2001:db8::1/128 dev VETH", "does not have address 2001:db8::1/128")]
    [InlineData("HOST ip route del 10.1.2.2", "there is no route 10.1.2.2/32 through veth")]
    [InlineData("HOST ip -6 route del 2001:db8::2", "there is no route 2001:db8::2/128 through veth")]
    [InlineData("HOST sysctl -q -w net.ipv4.ip_forward=0", "the host does not forward IPv4")]
    [InlineData("HOST sysctl -q -w net.ipv6.conf.all.forwarding=0", "the host does not forward IPv6")]
    public void Anything_that_is_missing_on_either_side_is_named(string damage, string expected)
    {
        using var host = NewHost(out var container, out var veth, "nftables");
        var added = host.Add(container).Must();
        var onHost = damage.StartsWith("HOST ", StringComparison.Ordinal);
        var words = damage.Replace("HOST ", "", StringComparison.Ordinal).Replace(Veth, veth, StringComparison.Ordinal).Split(' ');
        (onHost ? host.Namespace : container).Run(words[0], words[1..]);

        var failed = host.Check(container, added).MustFail();
        Assert.StartsWith("check failed: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains(expected.Replace("NETNS", container.FilePath, StringComparison.Ordinal), failed.Message, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp")]
    public void The_IPAM_plugin_is_asked_first_and_its_error_passed_on()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Fails("CHECK", """{"code":42,"msg":"no lease"}""");
        var failed = host.Call("CHECK", host.NewContainer()).MustFail();
        Assert.Equal((42, "no lease"), (failed.Code, failed.Message));
        ipam = new FakeIpam(host);
        File.Delete(Path.Combine(host.Folder, FakeIpam.Type, "fails.CHECK"));
        Assert.Equal("ptp: Required prevResult missing", host.Call("CHECK", host.NewContainer()).MustFail().Message);
        Assert.Equal(["CHECK", "CHECK"], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("""{"cniVersion":"0.4.0","interfaces":[],"ips":[]}""", "could not parse prevResult: result type supports [1.0.0 1.1.0] but unmarshalled CNIVersion is \"0.4.0\"")]
    [InlineData("""{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"/elsewhere"}]}""", "prevResult has no interface \"eth0\" with sandbox ")]
    [InlineData("""{"cniVersion":"1.0.0","interfaces":[{"name":"eth1"}]}""", "prevResult has no interface \"eth0\" with sandbox ")]
    public void A_previous_result_that_does_not_fit_is_refused(string prevResult, string message)
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host);
        host.Configuration["prevResult"] = JsonNode.Parse(prevResult);
        Assert.Contains(message, host.Call("CHECK", host.NewContainer()).MustFail().Message, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp")]
    public void What_a_later_plugin_changed_is_fine_if_the_final_result_says_so()
    {
        using var host = NewHost(out var container, out _, null);
        var added = host.Add(container).Must();
        container.Ip("link set eth0 address 02:00:00:00:00:01");
        container.Ip("route change default via 10.1.2.1 dev eth0 mtu 1300");
        var final = JsonNode.Parse(added.Output)!;
        final["interfaces"]![1]!["mac"] = "02:00:00:00:00:01";
        host.Check(container, added with { Output = final.ToJsonString() }).Must();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("0.3.1", 1)]
    [InlineData("0.4.0", 999)]
    public void Only_versions_that_have_the_verb_are_checked(string version, int code)
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host);
        host.Configuration["cniVersion"] = version;
        host.Configuration["prevResult"] = JsonNode.Parse("""{"interfaces":[],"ips":[]}""");
        Assert.Equal(code, host.Call("CHECK", host.NewContainer()).MustFail().Code);
    }

    private static PtpHost NewHost(out TestNamespace container, out string veth, string? backend)
    {
        var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", """
            {"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"},{"address":"2001:db8::2/64","gateway":"2001:db8::1"}],
             "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"},{"dst":"10.9.0.0/16","table":1000,"priority":7}]}
            """);
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = backend;
        container = host.NewContainer();
        veth = new AttachmentTag("mynet", container.Name, "eth0").HostLinkName;
        return host;
    }
}
