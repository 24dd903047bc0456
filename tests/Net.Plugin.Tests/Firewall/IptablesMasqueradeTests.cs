using Net.Plugin.Attachments;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Firewall.Iptables;
using Net.Plugin.Netlink;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Firewall;

/// <summary>Rules made through iptables-restore, read back by iptables-save.</summary>
public class IptablesMasqueradeTests
{
    private static readonly AttachmentTag First = new("mynet", "first", "eth0");
    private static readonly AttachmentTag Second = new("mynet", "first", "eth1");
    private static readonly AttachmentTag Other = new("othernet", "first", "eth0");

    [RootFact("ip", "iptables", "ip6tables")]
    public void Each_family_has_a_chain_that_spares_its_own_network_and_multicast()
    {
        using var host = new TestNamespace();
        Use(host, iptables => iptables.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")])));
        var comment = $"-m comment --comment \"{First.Text}\"";
        Assert.Equal(
            [
                $"-A POSTROUTING -s 10.1.2.2/32 {comment} -j {First.ChainName}",
                $"-A {First.ChainName} -d 10.1.2.0/24 {comment} -j ACCEPT",
                $"-A {First.ChainName} ! -d 224.0.0.0/4 {comment} -j MASQUERADE",
            ],
            Rules(host, "iptables-save"));
        Assert.Equal(
            [
                $"-A POSTROUTING -s 2001:db8::2/128 {comment} -j {First.ChainName}",
                $"-A {First.ChainName} -d 2001:db8::/64 {comment} -j ACCEPT",
                $"-A {First.ChainName} ! -d ff00::/8 {comment} -j MASQUERADE",
            ],
            Rules(host, "ip6tables-save"));
    }

    [RootFact("ip", "iptables", "ip6tables")]
    public void Adding_again_replaces_what_was_there_in_both_families()
    {
        using var host = new TestNamespace();
        Use(host, iptables =>
        {
            iptables.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")]));
            iptables.Add(First, new([IpPrefix.Parse("10.1.2.3/24"), IpPrefix.Parse("10.1.3.3/24")]));
        });
        Assert.Equal(["10.1.2.3/32", "10.1.3.3/32"], Sources(host, "iptables-save"));
        Assert.Empty(Rules(host, "ip6tables-save"));
    }

    [RootFact("ip", "iptables", "ip6tables")]
    public void Removing_finds_the_chains_by_the_attachment_alone_and_leaves_those_of_its_other_interfaces()
    {
        using var host = new TestNamespace();
        Use(host, iptables =>
        {
            iptables.Remove(First);
            iptables.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")]));
            iptables.Add(Second, new([IpPrefix.Parse("10.1.2.3/24")]));
        });
        Use(host, iptables => iptables.Remove(First));
        Assert.Equal(["10.1.2.3/32"], Sources(host, "iptables-save"));
        Assert.DoesNotContain(First.ChainName, host.Run("iptables-save") + host.Run("ip6tables-save"), StringComparison.Ordinal);
        Use(host, iptables => iptables.Remove(First));
        Use(host, iptables => iptables.Remove(Second));
        Assert.Empty(Rules(host, "iptables-save"));
    }

    [RootFact("ip", "iptables")]
    public void The_reference_plugins_rules_of_the_container_are_removed_too()
    {
        using var host = new TestNamespace();
        var chain = First.ChainNames[1];
        host.Run("iptables", "-t", "nat", "-N", chain);
        host.Run("iptables", "-t", "nat", "-A", chain, "-d", "10.1.2.0/24", "-j", "ACCEPT", "-m", "comment", "--comment", "name: \"mynet\" id: \"first\"");
        host.Run("iptables", "-t", "nat", "-A", chain, "!", "-d", "224.0.0.0/4", "-j", "MASQUERADE", "-m", "comment", "--comment", "name: \"mynet\" id: \"first\"");
        host.Run("iptables", "-t", "nat", "-A", "POSTROUTING", "-s", "10.1.2.2", "-j", chain, "-m", "comment", "--comment", "name: \"mynet\" id: \"first\"");
        Use(host, iptables => iptables.Remove(First));
        Assert.Empty(Rules(host, "iptables-save"));
        Assert.DoesNotContain(chain, host.Run("iptables-save"), StringComparison.Ordinal);
    }

    [RootFact("ip", "iptables")]
    public void A_host_that_never_used_iptables_is_not_made_to_by_a_removal()
    {
        using var host = new TestNamespace();
        Use(host, iptables =>
        {
            iptables.Remove(First);
            iptables.RemoveOthers(First.NetworkPrefix, new HashSet<string>(), new HashSet<System.Net.IPAddress>());
        });
        if (Programs.Find("nft") is not null)
            Assert.Equal("", host.Run("nft", "list", "ruleset"));
    }

    [RootFact("ip", "iptables", "ip6tables")]
    public void A_sweep_keeps_what_is_listed_and_what_belongs_to_others()
    {
        using var host = new TestNamespace();
        host.Run("iptables", "-t", "nat", "-A", "POSTROUTING", "-s", "10.9.9.9", "-m", "comment", "--comment", "made by hand", "-j", "MASQUERADE");
        Use(host, iptables =>
        {
            iptables.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")]));
            iptables.Add(Second, new([IpPrefix.Parse("10.1.2.3/24")]));
            iptables.Add(Other, new([IpPrefix.Parse("10.1.2.4/24")]));
            iptables.RemoveOthers(First.NetworkPrefix, new HashSet<string> { Second.Key }, new HashSet<System.Net.IPAddress>());
        });
        Assert.Equal(["10.9.9.9/32", "10.1.2.3/32", "10.1.2.4/32"], Sources(host, "iptables-save"));
        Assert.Empty(Rules(host, "ip6tables-save"));
    }

    [RootFact("ip", "iptables", "ip6tables")]
    public void A_check_names_what_is_missing()
    {
        using var host = new TestNamespace();
        IpPrefix[] addresses = [IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")];
        Use(host, iptables =>
        {
            iptables.Add(First, new(addresses));
            Assert.Null(iptables.WhatIsMissing(First, new(addresses)));
            Assert.Equal($"iptables has no rule that leads from 10.1.2.3 to chain {First.ChainName}", iptables.WhatIsMissing(First, new([IpPrefix.Parse("10.1.2.3/24")])));
            Assert.Equal($"iptables has no chain {Other.ChainName} in its nat table that masquerades", iptables.WhatIsMissing(Other, new(addresses)));
        });
        host.Run("ip6tables", "-t", "nat", "-F", "POSTROUTING");
        Use(host, iptables => Assert.StartsWith("ip6tables has no rule", iptables.WhatIsMissing(First, new(addresses)), StringComparison.Ordinal));
    }

    [RootFact("ip", "iptables")]
    public void Many_at_once_all_get_their_rules_and_all_get_rid_of_them()
    {
        using var host = new TestNamespace();
        AttachmentTag[] tags = [.. Enumerable.Range(0, 12).Select(i => new AttachmentTag("mynet", $"c{i}", "eth0"))];
        AtOnce.Run(tags.Length, i => Use(host, iptables => iptables.Add(tags[i], new([IpPrefix.Parse($"10.1.2.{i + 1}/24")]))));
        Assert.Equal(12, Sources(host, "iptables-save").Count);
        AtOnce.Run(tags.Length, i => Use(host, iptables => iptables.Remove(tags[i])));
        Assert.Empty(Rules(host, "iptables-save"));
    }

    [RootFact("ip", "iptables")]
    public void A_failing_program_is_quoted()
    {
        using var host = new TestNamespace();
        var error = Assert.Throws<FirewallException>(() => host.Namespace.Run(() =>
        {
            new IptablesProgram(IpFamily.V4).Restore(["-A NOWHERE -j ACCEPT"]);
            return 0;
        }));
        Assert.StartsWith("iptables-restore --noflush --wait=10: exit code ", error.Message, StringComparison.Ordinal);
    }

    private static void Use(TestNamespace host, Action<IptablesMasquerade> work) => host.Namespace.Run(() =>
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        work(new IptablesMasquerade(new NatChains(new Lazy<NetlinkSocket>(socket))));
        return 0;
    });

    private static List<string> Rules(TestNamespace host, string program) =>
        [.. host.Run(program, "-t", "nat").Split('\n').Where(line => line.StartsWith("-A", StringComparison.Ordinal)).Select(line => line.Trim())];

    private static List<string> Sources(TestNamespace host, string program) =>
        [.. Rules(host, program).Where(rule => rule.StartsWith("-A POSTROUTING -s ", StringComparison.Ordinal)).Select(rule => rule.Split(' ')[3])];
}
