using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>
/// The same done by Debian's ptp 1.1.1 and by net-ptp, each on a host of its own: both sides look the same after ADD and after DEL, but for
/// what is listed here with its reason.
/// </summary>
public partial class DifferentialTests
{
    private const string Reference = "/usr/lib/cni/ptp";

    // What net-ptp does otherwise on purpose: how a line of it would look had the reference made it.
    private static readonly (Regex Found, string Instead, string Reason)[] Intended =
    [
        (NoPrefixRoute(), "", "the reference deletes the kernel's prefix route afterwards, which fails for a /32; net-ptp has none made"),
        (NoDuplicateDetection(), "", "IPAM guarantees the address and nobody else is on the link, so there is nothing to wait for"),
        (Alias(), "", "the host's end says what it belongs to, so that DEL and GC find it without its namespace"),
        (KeepAddresses(), "0", "the reference sets it since 1.7.0"),
        (QueueLength(), "", "1.1.1 makes both ends without a transmit queue, later versions the host's end; net-ptp leaves the kernel's default"),
    ];

    public static TheoryData<string, string> Configurations => new()
    {
        { "IPv4", """{"ipam":"10.1.2.0/24"}""" },
        { "IPv6", """{"ipam":"2001:db8::/64"}""" },
        { "dual stack", """{"ipam":"10.1.2.0/24 2001:db8::/64"}""" },
        { "default routes", """{"ipam":"10.1.2.0/24 2001:db8::/64","routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}""" },
        { "routes with gateways", """{"ipam":"10.1.2.0/24 2001:db8::/64","routes":[{"dst":"10.9.0.0/16","gw":"10.1.2.1"},{"dst":"10.8.0.0/16"},{"dst":"2001:db8:9::/48","gw":"2001:db8::1"}]}""" },
        { "two ways to one destination", """{"ipam":"10.1.2.0/24 10.1.3.0/24 2001:db8::/64","routes":[{"dst":"10.9.0.0/16","gw":"10.1.2.1"},{"dst":"10.9.0.0/16","gw":"10.1.3.1"}]}""" },
        { "a route of a family without address", """{"ipam":"10.1.2.0/24","routes":[{"dst":"2001:db8:9::/48"}]}""" },
        { "several addresses", """{"ipam":"10.1.2.0/24 10.1.3.0/25 2001:db8::/64 2001:db8:1::/64"}""" },
        { "a /30 and a /126", """{"ipam":"10.1.2.4/30 2001:db8::4/126"}""" },
        { "MTU", """{"ipam":"10.1.2.0/24 2001:db8::/64","mtu":1400}""" },
        { "MTU 0", """{"ipam":"10.1.2.0/24","mtu":0}""" },
        { "masquerade IPv4", """{"ipam":"10.1.2.0/24","ipMasq":true,"ipMasqBackend":"iptables"}""" },
        { "masquerade dual stack", """{"ipam":"10.1.2.0/24 2001:db8::/64","ipMasq":true,"ipMasqBackend":"iptables"}""" },
        { "dns", """{"ipam":"10.1.2.0/24","dns":{"nameservers":["192.0.2.53"],"domain":"a","search":["b"],"options":["c"]}}""" },
        { "version 0.1.0", """{"cniVersion":"0.1.0","ipam":"10.1.2.0/24","routes":[{"dst":"0.0.0.0/0"}]}""" },
        { "version 0.2.0", """{"cniVersion":"0.2.0","ipam":"10.1.2.0/24","routes":[{"dst":"0.0.0.0/0"}]}""" },
        { "version 0.3.0", """{"cniVersion":"0.3.0","ipam":"10.1.2.0/24 2001:db8::/64"}""" },
        { "version 0.3.1", """{"cniVersion":"0.3.1","ipam":"10.1.2.0/24 2001:db8::/64"}""" },
        { "version 0.4.0", """{"cniVersion":"0.4.0","ipam":"10.1.2.0/24 2001:db8::/64","routes":[{"dst":"0.0.0.0/0","gw":"10.1.2.1"}]}""" },
    };

    [RootTheory("ip", "net-ptp", "ptp", "host-local", "iptables", "ip6tables", "nft")]
    [MemberData(nameof(Configurations))]
    public void Both_sides_look_as_the_reference_leaves_them(string name, string configuration)
    {
        Assert.NotEmpty(name);
        using var reference = new PtpHost { Plugin = Reference };
        using var own = new PtpHost();
        var (expected, actual) = (Play(reference, configuration), Play(own, configuration));
        AssertEqual(expected.Container, actual.Container);
        AssertEqual(expected.Host, actual.Host);
        AssertEqual(expected.HostAfter, actual.HostAfter);
        AssertEqual(expected.ContainerAfter, actual.ContainerAfter);
        Assert.Empty(own.Leases());
        Assert.Equal(expected.Result, actual.Result);
    }

    [RootTheory("ip", "net-ptp", "ptp", "host-local", "iptables", "ip6tables", "nft")]
    [InlineData("""{"ipam":"10.1.2.0/24","ipMasq":true}""", 1)]
    [InlineData("""{"ipam":"10.1.2.0/24 2001:db8::/64","ipMasq":true,"ipMasqBackend":"nftables"}""", 2)]
    public void Masquerading_by_nftables_has_other_rules_and_changes_nothing_else(string configuration, int addresses)
    {
        using var reference = new PtpHost { Plugin = Reference };
        using var own = new PtpHost();
        var (expected, actual) = (Play(reference, configuration), Play(own, configuration));
        AssertEqual(expected.Container, actual.Container);
        AssertEqual(WithoutRules(expected.Host), WithoutRules(actual.Host));
        AssertEqual(WithoutRules(expected.HostAfter), WithoutRules(actual.HostAfter));
        AssertEqual(expected.ContainerAfter, actual.ContainerAfter);
        Assert.Equal(expected.Result, actual.Result);

        Assert.Equal(addresses, actual.Host.Count(line => line.Contains(" masquerade comment ", StringComparison.Ordinal)));
        Assert.DoesNotContain(actual.Host, line => line.Contains("tables-save", StringComparison.Ordinal));
        Assert.DoesNotContain(actual.HostAfter, line => line.Contains(" masquerade comment ", StringComparison.Ordinal));
    }

    private static List<string> WithoutRules(List<string> snapshot) =>
        [.. snapshot.Where(line => !line.Contains("tables-save", StringComparison.Ordinal) && !line.StartsWith("nft", StringComparison.Ordinal))];

    private static (List<string> Container, List<string> Host, List<string> ContainerAfter, List<string> HostAfter, string Result) Play(PtpHost host, string text)
    {
        foreach (var (key, value) in JsonNode.Parse(text)!.AsObject())
        {
            if (key == "ipam")
                host.Configuration["ipam"] = host.HostLocal(value!.GetValue<string>().Split(' '));
            else
                (key == "routes" ? host.Configuration["ipam"]!.AsObject() : host.Configuration)[key] = value?.DeepClone();
        }
        var container = host.NewContainer();
        var result = host.Add(container).Must();
        var (inside, outside) = (Snapshot.Of(container), Snapshot.Of(host.Namespace));
        host.Del(container).Must();
        return (inside, outside, Snapshot.Of(container), Snapshot.Of(host.Namespace), Normalise(result.Output, container));
    }

    private static void AssertEqual(List<string> reference, List<string> own)
    {
        var translated = own
            .Select(line => Intended.Aggregate(line, (text, difference) => difference.Found.Replace(text, difference.Instead)))
            .Order(StringComparer.Ordinal).ToList();
        var missing = string.Join('\n', reference.Except(translated));
        var more = string.Join('\n', translated.Except(reference));
        Assert.True(missing.Length + more.Length == 0, $"only the reference:\n{missing}\nonly net-ptp:\n{more}");
        Assert.Equal(reference.Count, translated.Count);
    }

    // The result as JSON with sorted keys. The reference's 1.0.0 has an empty dns, which its later versions leave out as net-ptp does.
    private static string Normalise(string json, TestNamespace container)
    {
        var text = Names().Replace(json, "X").Replace(container.FilePath, "NETNS", StringComparison.Ordinal);
        var node = JsonNode.Parse(text)!.AsObject();
        if (node["cniVersion"]!.GetValue<string>() == "1.0.0" && node["dns"]?.AsObject().Count == 0)
            node.Remove("dns");
        return Sorted(node)!.ToJsonString();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(" noprefixroute=True")]
    private static partial Regex NoPrefixRoute();

    [GeneratedRegex(" nodad=True")]
    private static partial Regex NoDuplicateDetection();

    [GeneratedRegex("(?<=^link VETH .*) [0-9a-f]{16}-[0-9a-f]{16}, net: .*")]
    private static partial Regex Alias();

    [GeneratedRegex("(?<=^sysctl net/ipv6/conf/eth0/keep_addr_on_down:)1")]
    private static partial Regex KeepAddresses();

    [GeneratedRegex("(?<=^link (eth0|VETH) .* qlen )1000")]
    private static partial Regex QueueLength();

    [GeneratedRegex("veth[0-9a-f]{8}|([0-9a-f]{2}:){5}[0-9a-f]{2}")]
    private static partial Regex Names();
}
