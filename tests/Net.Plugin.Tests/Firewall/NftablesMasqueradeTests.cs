using System.Net;
using Net.Plugin.Attachments;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Firewall.Nftables;
using Net.Plugin.Netlink;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Firewall;

/// <summary>Rules made over netlink, read back by nft.</summary>
public class NftablesMasqueradeTests
{
    private static readonly AttachmentTag First = new("mynet", "first", "eth0");
    private static readonly AttachmentTag Second = new("mynet", "second", "eth0");
    private static readonly AttachmentTag Other = new("othernet", "first", "eth0");

    [RootFact("ip", "nft")]
    public void What_was_made_over_netlink_is_what_nft_itself_would_have_made()
    {
        using var host = new TestNamespace();
        using var twin = new TestNamespace();
        Use(host, nft => nft.Add(First,
            new([.. new[] { "10.1.2.2/24", "10.1.130.2/17", "10.3.0.1/32", "10.4.0.1/0", "2001:db8::2/64", "2001:db8:1::2/61", "2001:db8:2::2/128" }.Select(IpPrefix.Parse)])));
        var rule = $"masquerade comment \"{First.Text}\"";
        twin.Run("nft", $$"""
            table inet cni_plugins_masquerade {
              chain masq_checks {
                ip saddr == 10.1.2.2 ip daddr != 10.1.2.0/24 {{rule}}
                ip saddr == 10.1.130.2 ip daddr != 10.1.128.0/17 {{rule}}
                ip saddr == 10.3.0.1 ip daddr != 10.3.0.1/32 {{rule}}
                ip saddr == 10.4.0.1 ip daddr != 0.0.0.0/0 {{rule}}
                ip6 saddr == 2001:db8::2 ip6 daddr != 2001:db8::/64 {{rule}}
                ip6 saddr == 2001:db8:1::2 ip6 daddr != 2001:db8:1::/61 {{rule}}
                ip6 saddr == 2001:db8:2::2 ip6 daddr != 2001:db8:2::2/128 {{rule}}
              }
              chain postrouting {
                type nat hook postrouting priority 100;
                ip daddr 224.0.0.0/4 return
                ip6 daddr ff00::/8 return
                goto masq_checks
              }
            }
            """);
        Assert.Equal(List(twin), List(host));
        Assert.Contains("ip saddr 10.1.2.2 ip daddr != 10.1.2.0/24 masquerade comment", List(host), StringComparison.Ordinal);
    }

    [RootFact("ip", "nft")]
    public void The_rules_are_as_tools_read_them()
    {
        using var host = new TestNamespace();
        Use(host, nft => nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24")])));
        var json = host.Run("nft", "-j", "list", "ruleset");
        Assert.Contains("\"type\": \"nat\", \"hook\": \"postrouting\", \"prio\": 100, \"policy\": \"accept\"", json, StringComparison.Ordinal);
        Assert.Contains($"\"comment\": \"{First.Text}\"", json, StringComparison.Ordinal);
        Assert.Contains("{\"prefix\": {\"addr\": \"10.1.2.0\", \"len\": 24}}", json, StringComparison.Ordinal);
        Assert.Contains("{\"masquerade\": null}", json, StringComparison.Ordinal);
    }

    [RootFact("ip", "nft")]
    public void What_another_one_added_since_the_first_look_is_replaced_not_doubled()
    {
        using var host = new TestNamespace();
        MasqueradeScope scope = new([IpPrefix.Parse("10.1.2.2/24")]);
        Use(host, nft => nft.Add(Second, new([IpPrefix.Parse("10.1.2.3/24")])));
        Use(host, nft =>
        {
            nft.Prepare();
            Use(host, other => other.Add(First, scope));
            Assert.Empty(nft.WhoLacksRules([new AttachedAddresses(First, [IPAddress.Parse("10.1.2.2")])]));
            nft.Add(First, scope);
        });
        Assert.Equal(["10.1.2.3 second", "10.1.2.2 first"], Sources(host));
    }

    [RootFact("ip", "nft")]
    public void Adding_again_replaces_what_was_there_and_touches_nobody_else_s()
    {
        using var host = new TestNamespace();
        Use(host, nft =>
        {
            nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")]));
            nft.Add(Second, new([IpPrefix.Parse("10.1.2.3/24")]));
            nft.Add(First, new([IpPrefix.Parse("10.1.2.4/24")]));
        });
        Assert.Equal(["10.1.2.3 second", "10.1.2.4 first"], Sources(host));
    }

    [RootFact("ip", "nft")]
    public void Removing_finds_the_rules_by_the_attachment_alone_and_a_second_time_finds_nothing()
    {
        using var host = new TestNamespace();
        Use(host, nft =>
        {
            nft.Remove(First);
            nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")]));
            nft.Add(Other, new([IpPrefix.Parse("10.1.2.2/24")]));
        });
        Use(host, nft => nft.Remove(First));
        Assert.Equal(["10.1.2.2 first"], Sources(host));
        Use(host, nft => nft.Remove(First));
        Use(host, nft => nft.Remove(Other));
        Assert.Empty(Sources(host));
        Assert.Contains("goto masq_checks", List(host), StringComparison.Ordinal);
    }

    [RootFact("ip", "nft")]
    public void A_sweep_keeps_what_is_listed_and_what_belongs_to_other_networks()
    {
        using var host = new TestNamespace();
        Use(host, nft =>
        {
            nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24")]));
            nft.Add(Second, new([IpPrefix.Parse("10.1.2.3/24")]));
            nft.Add(Other, new([IpPrefix.Parse("10.1.2.4/24")]));
        });
        host.Run("nft", "add rule inet cni_plugins_masquerade masq_checks ip saddr 10.9.9.9 masquerade comment \"by hand\"");
        Use(host, nft => nft.RemoveOthers(First.NetworkPrefix, new HashSet<string> { Second.Key }, new HashSet<System.Net.IPAddress>()));
        Assert.Equal(["10.1.2.3 second", "10.1.2.4 first", "10.9.9.9 hand"], Sources(host));
    }

    [RootFact("ip", "nft")]
    public void Hundreds_of_rules_are_swept_in_several_transactions()
    {
        using var host = new TestNamespace();
        Use(host, nft =>
        {
            for (var i = 0; i < 200; i++)
                nft.Add(new AttachmentTag("mynet", $"c{i}", "eth0"), new([IpPrefix.Parse($"10.1.2.{i + 1}/24")]));
            nft.Add(Other, new([IpPrefix.Parse("10.1.2.2/24")]));
            nft.RemoveOthers(First.NetworkPrefix, new HashSet<string>(), new HashSet<System.Net.IPAddress>());
        });
        Assert.Equal(["10.1.2.2 first"], Sources(host));
    }

    [RootTheory("ip", "nft")]
    [InlineData("flush chain inet cni_plugins_masquerade postrouting")]
    [InlineData("delete table inet cni_plugins_masquerade")]
    [InlineData("add rule inet cni_plugins_masquerade postrouting accept")]
    [InlineData("insert rule inet cni_plugins_masquerade postrouting accept")]
    [InlineData("flush chain inet cni_plugins_masquerade postrouting; add rule inet cni_plugins_masquerade postrouting goto masq_checks")]
    public void Whatever_was_done_to_the_table_is_noticed_and_mended_by_the_next_addition(string damage)
    {
        using var host = new TestNamespace();
        Use(host, nft => nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24")])));
        var before = List(host);
        foreach (var step in damage.Split("; "))
            host.Run("nft", step);
        Use(host, nft =>
        {
            Assert.Contains("is not as it should be", nft.WhatIsMissing(First, new([IpPrefix.Parse("10.1.2.2/24")])), StringComparison.Ordinal);
            nft.Prepare();
            nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24")]));
        });
        Assert.Equal(before, List(host));
    }

    [RootFact("ip", "nft")]
    public void A_check_names_the_address_whose_rule_is_missing_or_different()
    {
        using var host = new TestNamespace();
        IpPrefix[] addresses = [IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")];
        Use(host, nft =>
        {
            nft.Add(First, new(addresses));
            Assert.Null(nft.WhatIsMissing(First, new(addresses)));
            Assert.Contains("no rule for 10.1.2.2/25", nft.WhatIsMissing(First, new([IpPrefix.Parse("10.1.2.2/25")])), StringComparison.Ordinal);
            Assert.Contains("no rule for 10.1.2.2/24", nft.WhatIsMissing(Second, new(addresses)), StringComparison.Ordinal);
        });
    }

    [RootFact("ip", "nft")]
    public void Many_at_once_all_get_their_rules_and_all_get_rid_of_them()
    {
        using var host = new TestNamespace();
        AttachmentTag[] tags = [.. Enumerable.Range(0, 24).Select(i => new AttachmentTag("mynet", $"c{i}", "eth0"))];
        AtOnce.Run(tags.Length, i => Use(host, nft => nft.Add(tags[i], new([IpPrefix.Parse($"10.1.2.{i + 1}/24"), IpPrefix.Parse($"2001:db8::{i + 1}/64")]))));
        Assert.Equal(48, Sources(host).Count);
        AtOnce.Run(tags.Length, i => Use(host, nft =>
        {
            nft.Remove(tags[i]);
            nft.Add(tags[i], new([IpPrefix.Parse($"10.1.3.{i + 1}/24")]));
            nft.Remove(tags[i]);
        }));
        Assert.Empty(Sources(host));
    }

    [RootFact("ip", "nft")]
    public void A_table_in_the_way_is_an_error_that_says_what_could_not_be_made()
    {
        using var host = new TestNamespace();
        host.Run("nft", "table inet cni_plugins_masquerade { chain postrouting { type filter hook input priority 0; };}".Replace(";}", "\n}", StringComparison.Ordinal));
        var error = Assert.Throws<NetlinkException>(() => Use(host, nft => nft.Add(First, new([IpPrefix.Parse("10.1.2.2/24")]))));
        Assert.StartsWith("make nftables chain cni_plugins_masquerade postrouting: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("masq_checks", List(host), StringComparison.Ordinal);
    }

    private static void Use(TestNamespace host, Action<NftablesMasquerade> work) => host.Namespace.Run(() =>
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        work(new NftablesMasquerade(new Lazy<NetlinkSocket>(socket)));
        return 0;
    });

    private static string List(TestNamespace host) => host.Run("nft", "list", "ruleset");

    // "10.1.2.2 first": source address and the last word of the comment.
    private static List<string> Sources(TestNamespace host) =>
    [
        .. host.Run("nft", "list", "chain", "inet", "cni_plugins_masquerade", "masq_checks").Split('\n')
            .Where(line => line.Contains(" saddr ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[2] + " " + line.Trim().TrimEnd('"').Split(' ')[^1]),
    ];
}
