using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class AdditionTests
{
    [RootFact("ip", "net-ptp", "host-local")]
    public void Every_IPv6_address_of_the_container_can_be_used_at_once()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        var container = host.NewContainer();
        var mode = container.Run("sysctl", "-n", "net.ipv6.conf.default.addr_gen_mode");
        host.Add(container).Must();
        var addresses = container.Ip("-6 addr show dev eth0");
        Assert.DoesNotContain("tentative", addresses, StringComparison.Ordinal);
        Assert.Contains("inet6 fe80::", addresses, StringComparison.Ordinal);
        Assert.Contains("fe80::/64 proto kernel", container.Ip("-6 route show dev eth0"), StringComparison.Ordinal);
        Assert.Equal(mode, container.Run("sysctl", "-n", "net.ipv6.conf.eth0.addr_gen_mode"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_container_that_makes_its_link_local_addresses_in_another_way_does_so()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("2001:db8::/64");
        var container = host.NewContainer();
        container.Run("sysctl", "-q", "-w", "net.ipv6.conf.default.addr_gen_mode=1");
        host.Add(container).Must();
        Assert.DoesNotContain("inet6 fe80::", container.Ip("-6 addr show dev eth0"), StringComparison.Ordinal);
        Assert.Equal("1", container.Run("sysctl", "-n", "net.ipv6.conf.eth0.addr_gen_mode").Trim());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void The_result_names_both_ends_and_all_addresses_and_they_are_there()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        var container = host.NewContainer();
        var result = host.Add(container).Must().Json;

        var interfaces = result.GetProperty("interfaces");
        var (outside, inside) = (interfaces[0], interfaces[1]);
        Assert.Equal("eth0", inside.GetProperty("name").GetString());
        Assert.Equal(container.FilePath, inside.GetProperty("sandbox").GetString());
        Assert.False(outside.TryGetProperty("sandbox", out _));
        var eth0 = container.OpenRoute().FindLink("eth0")!;
        var veth = host.Namespace.OpenRoute().FindLink(outside.GetProperty("name").GetString()!)!;
        Assert.Equal(eth0.Mac.ToString(), inside.GetProperty("mac").GetString());
        Assert.Equal(veth.Mac.ToString(), outside.GetProperty("mac").GetString());
        Assert.Equal((true, true, veth.Index), (eth0.IsUp, veth.IsUp, eth0.PeerIndexOrOwn));

        Assert.Equal(["10.1.2.2/24", "2001:db8::2/64"], result.GetProperty("ips").EnumerateArray().Select(ip => ip.GetProperty("address").GetString()));
        Assert.All(result.GetProperty("ips").EnumerateArray(), ip => Assert.Equal(1, ip.GetProperty("interface").GetInt32()));
        var addresses = container.OpenRoute().ListAddresses(eth0.Index).Where(a => a.Scope == 0).ToList();
        Assert.Equal(["10.1.2.2/24", "2001:db8::2/64"], addresses.Select(a => a.Address.ToString()));
        Assert.All(addresses, a => Assert.False(a.Flags.HasFlag(AddressFlags.Tentative)));
    }

    [RootTheory("ip", "net-ptp", "host-local")]
    [InlineData("0.1.0", "ip4")]
    [InlineData("0.2.0", "ip4")]
    [InlineData("0.3.0", "ips")]
    [InlineData("0.3.1", "ips")]
    [InlineData("0.4.0", "ips")]
    [InlineData("1.0.0", "ips")]
    public void The_result_is_in_the_configuration_s_version(string version, string key)
    {
        using var host = new PtpHost();
        host.Configuration["cniVersion"] = version;
        var container = host.NewContainer();
        var result = host.Add(container).Must().Json;
        Assert.Equal(version, result.GetProperty("cniVersion").GetString());
        Assert.True(result.TryGetProperty(key, out _));
        host.Del(container).Must();
    }

    [RootFact("ip", "net-ptp")]
    public void Version_1_1_0_is_spoken_too()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", """
            {"cniVersion":"1.1.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}],
             "routes":[{"dst":"10.9.0.0/16","mtu":1400,"advmss":1300,"priority":7,"table":1000,"scope":0}]}
            """);
        host.Configuration["cniVersion"] = "1.1.0";
        var container = host.NewContainer();
        var route = host.Add(container).Must().Json.GetProperty("routes")[0];
        Assert.Equal((1400, 1300, 7, 1000, 0), (Number(route, "mtu"), Number(route, "advmss"), Number(route, "priority"), Number(route, "table"), Number(route, "scope")));
        Assert.Contains("10.9.0.0/16 via 10.1.2.1 dev eth0 metric 7 mtu 1400 advmss 1300", container.Ip("route show table 1000"), StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "static")]
    public void Routes_go_into_their_tables_with_their_metrics_and_gateways()
    {
        using var host = new PtpHost();
        var ipam = PtpHost.Static("10.1.2.2/24 via 10.1.2.1", "2001:db8::2/64 via 2001:db8::1");
        ipam["routes"] = JsonNode.Parse("""
            [{"dst":"0.0.0.0/0"},{"dst":"::/0"},{"dst":"10.9.0.0/16","gw":"10.1.2.1"},{"dst":"10.8.1.1/16","gw":"10.1.2.77"},{"dst":"2001:db8:9::/48","gw":"2001:db8::77"}]
            """);
        host.Configuration["ipam"] = ipam;
        var container = host.NewContainer();
        host.Add(container).Must();
        Assert.Equal(
            [
                "10.1.2.0/24 via 10.1.2.1 dev eth0 src 10.1.2.2", "10.1.2.1 dev eth0 scope link src 10.1.2.2",
                "10.8.0.0/16 via 10.1.2.77 dev eth0 onlink", "10.9.0.0/16 via 10.1.2.1 dev eth0", "default via 10.1.2.1 dev eth0",
            ],
            Lines(container.Ip("route")));
        Assert.Equal(
            [
                "2001:db8:9::/48 via 2001:db8::77 dev eth0 metric 1024 onlink pref medium", "2001:db8::/64 via 2001:db8::1 dev eth0 src 2001:db8::2 metric 1024 pref medium",
                "2001:db8::1 dev eth0 src 2001:db8::2 metric 1024 pref medium", "default via 2001:db8::1 dev eth0 metric 1024 pref medium",
            ],
            Lines(container.Ip("-6 route")).Where(line => !line.StartsWith("fe80", StringComparison.Ordinal)));
    }

    [RootTheory("ip", "net-ptp", "static")]
    [InlineData("10.1.2.2/32 via 10.1.2.1")]
    [InlineData("10.1.2.2/31 via 10.1.2.3")]
    [InlineData("10.1.2.2/24")]
    [InlineData("10.1.2.2/32")]
    [InlineData("2001:db8::2/128 via 2001:db8::1")]
    [InlineData("2001:db8::2/64")]
    [InlineData("2001:db8::2/128")]
    [InlineData("10.1.2.2/24 via 10.1.2.1", "10.1.2.3/24 via 10.1.2.1")]
    [InlineData("10.1.2.2/24 via 10.1.2.1", "10.1.3.3/24 via 10.1.3.1", "2001:db8::2/64 via 2001:db8::1", "2001:db8::3/64 via 2001:db8::1")]
    public void Any_kind_of_address_can_be_used_at_once_from_both_sides(params string[] addresses)
    {
        using var host = new PtpHost();
        var ipam = PtpHost.Static(addresses);
        ipam["routes"] = JsonNode.Parse("""[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]""");
        host.Configuration["ipam"] = ipam;
        var container = host.NewContainer();
        host.Add(container).Must();
        foreach (var address in addresses)
        {
            var ip = address.Split('/')[0];
            Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, ip));
            var outside = ip.Contains(':', StringComparison.Ordinal) ? "2001:db8:ffff::1" : "203.0.113.1";
            host.Namespace.Ip($"addr add {outside} dev lo nodad");
            host.Namespace.Ip("link set lo up");
            Assert.Contains(Traffic.SourceSeen(container, host.Namespace, outside), addresses.Select(a => a.Split('/')[0]));
            host.Namespace.Ip($"addr del {outside} dev lo");
        }
        host.Del(container).Must();
        Assert.Equal("", host.Namespace.Ip("-br link show type veth"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_second_attachment_to_the_same_network_works_and_leaves_the_first_in_charge()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        var container = host.NewContainer();
        host.Add(container).Must();
        host.Add(container, "eth1").Must();
        Assert.Equal("10.1.2.1 dev eth0 scope link src 10.1.2.2", Lines(container.Ip("route get 10.1.2.1"))[0].Replace(" uid 0", "", StringComparison.Ordinal)
            .Replace("dev eth0 src", "dev eth0 scope link src", StringComparison.Ordinal).Trim());
        foreach (var address in new[] { "10.1.2.2", "10.1.2.3", "2001:db8::2", "2001:db8::3" })
            Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, address));
        host.Del(container).Must();
        Assert.Equal("", container.Ip("-br addr show dev eth1").Split("eth1")[0]);
        Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, "10.1.2.3"));
        host.Del(container, "eth1").Must();
        Assert.Empty(host.Leases());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void Both_ends_have_the_mtu_and_the_container_s_the_mac_that_were_asked_for()
    {
        using var host = new PtpHost();
        host.Configuration["mtu"] = 1400;
        host.Configuration["runtimeConfig"] = new JsonObject { ["mac"] = "02:00:5e:10:00:FF" };
        var container = host.NewContainer();
        var result = host.Add(container).Must().Json;
        Assert.Equal("02:00:5e:10:00:ff", result.GetProperty("interfaces")[1].GetProperty("mac").GetString());
        var eth0 = container.OpenRoute().FindLink("eth0")!;
        Assert.Equal((1400u, "02:00:5e:10:00:ff"), (eth0.Mtu, eth0.Mac.ToString()));
        Assert.Equal(1400u, host.Namespace.OpenRoute().ListVeths().Single().Mtu);
    }

    [RootTheory("ip", "net-ptp", "host-local")]
    [InlineData(1500u)]
    [InlineData(1420u, "-4 route add default dev up1")]
    [InlineData(1300u, "-4 route add default dev up1 mtu 1300")]
    [InlineData(1390u, "-4 route add default dev up1 metric 7", "-4 route add default dev up2 metric 5")]
    [InlineData(1390u, "-4 route add default dev up1", "-6 route add default dev up2")]
    [InlineData(1390u, "-4 route add default nexthop dev up1 nexthop dev up2")]
    [InlineData(1420u, "-4 route add default dev up1", "-4 route add 10.9.0.0/16 dev up2", "-4 route add default dev up2 table 100", "-6 route add unreachable default")]
    public void An_automatic_mtu_is_that_of_the_host_s_default_routes(uint expected, params string[] routes)
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        host.Configuration["mtu"] = "auto";
        foreach (var (name, mtu) in (ReadOnlySpan<(string, int)>)[("up1", 1420), ("up2", 1390)])
        {
            host.Namespace.Ip($"link add {name} mtu {mtu} type veth peer name {name}peer");
            host.Namespace.Ip($"link set {name}peer up");
            host.Namespace.Ip($"link set {name} up");
        }
        foreach (var route in routes)
            host.Namespace.Ip(route);
        var container = host.NewContainer();
        var outside = host.Add(container).Must().Json.GetProperty("interfaces")[0].GetProperty("name").GetString()!;
        Assert.Equal(expected, container.OpenRoute().FindLink("eth0")!.Mtu);
        Assert.Equal(expected, host.Namespace.OpenRoute().FindLink(outside)!.Mtu);
    }

    [RootTheory("ip", "net-ptp", "host-local")]
    [InlineData(false, "0 0")]
    [InlineData(true, "0 1")]
    public void Sysctls_are_set_where_the_address_family_needs_them(bool v6, string expectedInside)
    {
        using var host = new PtpHost();
        if (v6)
            host.Configuration["ipam"] = host.HostLocal("2001:db8::/64");
        var container = host.NewContainer();
        container.Run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=" + (v6 ? "1" : "0"));
        var result = host.Add(container).Must().Json;
        var veth = result.GetProperty("interfaces")[0].GetProperty("name").GetString();
        Assert.Equal(v6 ? "0 1" : "1 0", Sysctls(host.Namespace, "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"));
        Assert.Equal("0", Sysctls(host.Namespace, $"net.ipv6.conf.{veth}.accept_ra"));
        Assert.Equal(expectedInside, Sysctls(container, "net.ipv6.conf.eth0.disable_ipv6", "net.ipv6.conf.eth0.keep_addr_on_down"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void The_configuration_s_dns_replaces_the_ipam_s_and_an_empty_list_does_too()
    {
        using var host = new PtpHost();
        var resolvConf = Path.Combine(host.Folder, "resolv.conf");
        File.WriteAllText(resolvConf, "nameserver 192.0.2.53\nsearch example.org\n");
        host.Configuration["ipam"]!["resolvConf"] = resolvConf;
        Assert.Equal("192.0.2.53", AddedDns(host)!.Value.GetProperty("nameservers")[0].GetString());
        host.Configuration["dns"] = new JsonObject { ["nameservers"] = new JsonArray("192.0.2.99") };
        Assert.Equal("192.0.2.99", AddedDns(host)!.Value.GetProperty("nameservers")[0].GetString());
        host.Configuration["dns"] = new JsonObject { ["nameservers"] = new JsonArray() };
        Assert.Null(AddedDns(host));
        host.Configuration["dns"] = new JsonObject();
        Assert.Equal("192.0.2.53", AddedDns(host)!.Value.GetProperty("nameservers")[0].GetString());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void Duplicate_detection_is_waited_for_only_if_asked_for()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("2001:db8::/64");
        host.Configuration["enabledad"] = true;
        var container = host.NewContainer();
        host.Add(container).Must();
        var socket = container.OpenRoute();
        Assert.All(
            socket.ListAddresses(socket.FindLink("eth0")!.Index),
            address => Assert.Equal(AddressFlags.None, address.Flags & (AddressFlags.Tentative | AddressFlags.NoDuplicateDetection)));
    }

    [RootFact("ip", "net-ptp", "host-local", "nft")]
    public void The_host_s_half_is_marked_with_what_it_belongs_to()
    {
        using var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        var container = host.NewContainer();
        host.Add(container).Must();
        var tag = new AttachmentTag("mynet", container.Name, "eth0");
        var veth = host.Namespace.OpenRoute().ListVeths().Single();
        Assert.Equal((tag.HostLinkName, tag.Text), (veth.Name, veth.Alias));
        Assert.Contains(tag.Text, host.MasqueradeRules(), StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_host_interface_that_happens_to_have_the_name_is_left_alone()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var tag = new AttachmentTag("mynet", container.Name, "eth0");
        host.Namespace.AddLink(tag.HostLinkName);
        var result = host.Add(container).Must();
        Assert.NotEqual(tag.HostLinkName, result.Json.GetProperty("interfaces")[0].GetProperty("name").GetString());
        host.Check(container, result).Must();
        host.Del(container).Must();
        Assert.Equal(2, host.Namespace.OpenRoute().ListVeths().Count);
        Assert.Null(container.OpenRoute().FindLink("eth0"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_stale_route_to_the_address_does_not_keep_traffic_from_the_new_owner()
    {
        using var host = new PtpHost();
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        host.Namespace.AddLink("stale");
        host.Namespace.Ip("link set stale up");
        host.Namespace.Ip("route add 10.1.2.2/32 dev stale scope host");
        host.Namespace.Ip("-6 route add 2001:db8::2/128 dev stale");
        var container = host.NewContainer();
        host.Add(container).Must();
        Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, "10.1.2.2"));
        Assert.NotEqual("", Traffic.SourceSeen(host.Namespace, container, "2001:db8::2"));
    }

    [RootFact("ip", "net-ptp")]
    public void The_IPAM_plugin_gets_the_configuration_byte_for_byte()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""");
        var configuration = """ { "NAME":"mynet" ,"cniVersion":"1.0.0", "IPAM":{"type":"fake-ipam","x":1.50e1}, "type":"net-ptp"} """;
        var container = host.NewContainer();
        host.Call("ADD", container, configuration: configuration).Must();
        Assert.Equal(configuration, ipam.Stdin("ADD"));
        Assert.Equal([$"ADD {container.Name} eth0 {container.FilePath}"], ipam.Calls);
    }

    private static JsonElement? AddedDns(PtpHost host)
    {
        var container = host.NewContainer();
        var result = host.Add(container).Must().Json;
        return result.TryGetProperty("dns", out var dns) ? dns : null;
    }

    private static int Number(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static string Sysctls(TestNamespace where, params string[] keys) =>
        string.Join(' ', keys.Select(key => where.Run("sysctl", "-n", key).Trim()));

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Order(StringComparer.Ordinal)];
}
