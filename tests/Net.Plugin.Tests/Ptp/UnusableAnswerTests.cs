using System.Text.Json.Nodes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>What an IPAM plugin, a configuration or a runtime may give that would lead nowhere: it is refused, and nothing stays.</summary>
public class UnusableAnswerTests
{
    [RootTheory("ip", "net-ptp")]
    [InlineData("0.0.0.0/0")]
    [InlineData("0.0.0.0/24")]
    [InlineData("127.0.0.1/8")]
    [InlineData("224.0.0.5/24")]
    [InlineData("255.255.255.255/32")]
    [InlineData("::/64")]
    [InlineData("::1/128")]
    [InlineData("ff02::5/64")]
    [InlineData("::ffff:127.0.0.1/104")]
    [InlineData("10.77.1.255/24")]
    [InlineData("10.77.1.0/24")]
    public void An_address_that_no_container_can_have_is_refused(string address)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", $$"""{"cniVersion":"1.0.0","ips":[{"address":"{{address}}"}]}""");
        ExpectRefusal(host, "which no container can have");
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("10.77.1.0/31")]
    [InlineData("10.77.1.255/32")]
    public void The_ends_of_the_shortest_networks_are_hosts(string address)
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", $$"""{"cniVersion":"1.0.0","ips":[{"address":"{{address}}"}]}""");
        host.Add(host.NewContainer()).Must();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("10.77.1.2/24", "10.77.1.2/24", "address 10.77.1.2 twice")]
    [InlineData("10.77.1.2/24", "10.77.1.2/16", "address 10.77.1.2 twice")]
    [InlineData("2001:db8::2/64", "2001:db8::2/64", "address 2001:db8::2 twice")]
    [InlineData("10.77.1.2/24", "10.77.1.1/24", "address 10.77.1.1/24, which is the gateway of another one")]
    public void An_address_has_one_use(string first, string second, string message)
    {
        using var host = new PtpHost();
        var gateway = first.Contains(':') ? "2001:db8::1" : "10.77.1.1";
        new FakeIpam(host).Answers("ADD", $$"""{"cniVersion":"1.0.0","ips":[{"address":"{{first}}","gateway":"{{gateway}}"},{"address":"{{second}}"}]}""");
        ExpectRefusal(host, message);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("scope", "256", "255")]
    [InlineData("scope", "-1", "255")]
    [InlineData("mtu", "65521", "65520")]
    [InlineData("advmss", "65496", "65495")]
    public void A_number_that_the_kernel_cuts_down_is_refused_and_the_largest_one_is_taken(string key, string tooLarge, string largest)
    {
        using var host = new PtpHost();
        host.Configuration["cniVersion"] = "1.1.0";
        var ipam = new FakeIpam(host).Answers("ADD", Answer(tooLarge));
        ExpectRefusal(host, $"{key} {tooLarge} of route 10.9.0.0/16: the kernel takes 0 to {largest}");
        if (key == "scope")
            return; // 255 is "nowhere", of which the kernel makes no route.
        ipam.Answers("ADD", Answer(largest));
        var container = host.NewContainer();
        host.Check(container, host.Add(container).Must()).Must();
        Assert.Contains($"{key} {largest}", container.Ip("route show"), StringComparison.Ordinal);

        string Answer(string value) =>
            $$"""{"cniVersion":"1.1.0","ips":[{"address":"10.77.1.2/24","gateway":"10.77.1.1"}],"routes":[{"dst":"10.9.0.0/16","{{key}}":{{value}}}]}""";
    }

    [RootFact("ip", "net-ptp")]
    public void An_IPv6_address_needs_the_mtu_of_IPv6()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"2001:db8::2/64"}]}""");
        host.Configuration["mtu"] = 1279;
        ExpectRefusal(host, "mtu is 1279, and the IPAM plugin gives an IPv6 address; IPv6 needs an mtu of 1280");
        host.Configuration["mtu"] = 1280;
        host.Add(host.NewContainer()).Must();
    }

    [RootFact("ip", "net-ptp")]
    public void An_answer_without_end_is_said_to_be_one()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Does("ADD", "yes '{'\n");
        var refused = host.Add(host.NewContainer()).MustFail();
        Assert.Contains("IPAM plugin fake-ipam printed more than 8 MiB and was killed in its ADD; see what it prints", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hangs", refused.Message, StringComparison.Ordinal);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("127.0.0.1", "no gateway can have that address")]
    [InlineData("224.0.0.1", "no gateway can have that address")]
    [InlineData("255.255.255.255", "no gateway can have that address")]
    [InlineData("10.77.1.2", "that is the container's own address")]
    [InlineData("fd00::1", "an IPv4 address needs an IPv4 gateway")]
    public void A_gateway_of_an_address_that_leads_nowhere_is_refused(string gateway, string reason)
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", $$"""{"cniVersion":"1.0.0","ips":[{"address":"10.77.1.2/24","gateway":"{{gateway}}"}]}""");
        ExpectRefusal(host, $"gateway {gateway} of address 10.77.1.2/24: {reason}");
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("203.0.113.9", "it is in none of the container's networks")]
    [InlineData("127.0.0.1", "no gateway can have that address")]
    [InlineData("10.77.1.2", "that is the container's own address")]
    [InlineData("10.77.1.0", "that is the address of a whole network")]
    [InlineData("10.77.1.255", "that is the address of a whole network")]
    [InlineData("2001:db8::1", "an IPv4 route needs an IPv4 gateway")]
    [InlineData("::1", "an IPv4 route needs an IPv4 gateway")]
    public void A_gateway_of_a_route_that_can_not_be_reached_is_refused(string gateway, string reason)
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD",
            $$"""{"cniVersion":"1.0.0","ips":[{"address":"10.77.1.2/24","gateway":"10.77.1.1"},{"address":"2001:db8::2/64","gateway":"2001:db8::1"}],"routes":[{"dst":"10.9.0.0/16","gw":"{{gateway}}"}]}""");
        ExpectRefusal(host, $"gateway {gateway} of route 10.9.0.0/16: {reason}");
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("10.9.0.0/16", "10.77.1.1", "10.9.0.0/16 via 10.77.1.1 dev eth0")]
    [InlineData("10.9.0.0/16", "10.77.1.7", "10.9.0.0/16 via 10.77.1.7 dev eth0")]
    [InlineData("10.9.0.0/16", "::ffff:10.77.1.1", "10.9.0.0/16 via 10.77.1.1 dev eth0")]
    [InlineData("2001:db8:9::/48", "2001:db8::7", "2001:db8:9::/48 via 2001:db8::7 dev eth0")]
    [InlineData("2001:db8:9::/48", "fe80::1", "2001:db8:9::/48 via fe80::1 dev eth0")]
    public void A_gateway_in_a_network_of_the_container_is_taken(string destination, string gateway, string route)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD",
            $$"""{"cniVersion":"1.0.0","ips":[{"address":"10.77.1.2/24","gateway":"10.77.1.1"},{"address":"2001:db8::2/64","gateway":"2001:db8::1"}],"routes":[{"dst":"{{destination}}","gw":"{{gateway}}"}]}""");
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        Assert.Contains(route, container.Ip("route show") + container.Ip("-6 route show"), StringComparison.Ordinal);
        host.Check(container, added).Must();
        Assert.Equal(["ADD", "CHECK"], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("""[{"dst":"203.0.113.9/32","gw":"0.0.0.0"},{"dst":"10.9.0.0/16","gw":"203.0.113.9"}]""", "203.0.113.9 dev eth0 scope link", "10.9.0.0/16 via 203.0.113.9 dev eth0")]
    [InlineData("""[{"dst":"10.9.0.0/16","gw":"0.0.0.0"}]""", "10.9.0.0/16 dev eth0 scope link", "")]
    [InlineData("""[{"dst":"10.9.0.0/16","scope":253}]""", "10.9.0.0/16 dev eth0 scope link", "")]
    [InlineData("""[{"dst":"2001:db8:9::/48","gw":"::"}]""", "2001:db8:9::/48 dev eth0", "")]
    public void A_route_without_way_is_one_to_the_link(string routes, string first, string second)
    {
        using var host = new PtpHost();
        host.Configuration["cniVersion"] = "1.1.0";
        new FakeIpam(host).Answers("ADD",
            $$"""{"cniVersion":"1.1.0","ips":[{"address":"10.77.1.2/24","gateway":"10.77.1.1"},{"address":"2001:db8::2/64","gateway":"2001:db8::1"}],"routes":{{routes}}}""");
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        var present = container.Ip("route show") + container.Ip("-6 route show");
        Assert.Contains(first, present, StringComparison.Ordinal);
        Assert.Contains(second, present, StringComparison.Ordinal);
        host.Check(container, added).Must();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("10.77.1.2/24", "0.0.0.0", "169.254.1.1/32")]
    [InlineData("2001:db8::2/64", "::", "fe80::1/128")]
    public void A_gateway_of_zeros_is_none(string address, string gateway, string hostAddress)
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", $$"""{"cniVersion":"1.0.0","ips":[{"address":"{{address}}","gateway":"{{gateway}}"}]}""");
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        Assert.Contains(hostAddress, host.Namespace.Ip("-br addr"), StringComparison.Ordinal);
        host.Check(container, added).Must();
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("a%d")]
    [InlineData("x%s")]
    [InlineData("%")]
    [InlineData("all")]
    [InlineData("default")]
    [InlineData("p\u00e0")] // Its second byte is white space to the kernel.
    public void A_name_that_the_kernel_would_not_take_as_it_is_is_refused_before_IPAM_is_asked(string name)
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24"}]}""");
        var container = host.NewContainer();
        var (before, inside) = (host.State(), container.Ip("-br link"));
        var refused = host.Add(container, name).MustFail();
        Assert.Equal(4, refused.Code);
        Assert.Contains($"CNI_IFNAME is \"{name}\"", refused.Message, StringComparison.Ordinal);
        Assert.Empty(ipam.Calls);
        Assert.Equal((before, inside), (host.State(), container.Ip("-br link")));
        host.Del(container, name).Must();
    }

    [RootFact("ip", "net-ptp")]
    public void A_negative_mtu_is_refused()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24"}]}""");
        host.Configuration["mtu"] = -1;
        ExpectRefusal(host, "mtu is -1; a veth takes 68 to 65535");
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void CHECK_takes_an_IPv4_address_however_it_is_written()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        host.Check(container, added with { Output = added.Output.Replace("10.1.2.2/24", "::ffff:10.1.2.2/120", StringComparison.Ordinal) }).Must();
        container.Ip("addr del 10.1.2.2/24 dev eth0");
        var failed = host.Check(container, added with { Output = added.Output.Replace("10.1.2.2/24", "::ffff:10.1.2.2/120", StringComparison.Ordinal) }).MustFail();
        Assert.Contains("does not have address 10.1.2.2/24", failed.Message, StringComparison.Ordinal);
    }

    private static void ExpectRefusal(PtpHost host, string message)
    {
        var container = host.NewContainer();
        var (before, inside) = (host.State(), container.Ip("-br link"));
        var refused = host.Add(container).MustFail();
        Assert.Equal(7, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal((before, inside), (host.State(), container.Ip("-br link")));
    }
}
