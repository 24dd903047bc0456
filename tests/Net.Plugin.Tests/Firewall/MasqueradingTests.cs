using Net.Plugin.Attachments;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Firewall;

public class MasqueradingTests
{
    private static readonly AttachmentTag Tag = new("mynet", "first", "eth0");
    private static readonly IpPrefix[] Addresses = [IpPrefix.Parse("10.1.2.2/24"), IpPrefix.Parse("2001:db8::2/64")];

    [RootTheory("ip", "nft", "iptables", "ip6tables")]
    [InlineData(null, "nftables")]
    [InlineData("nftables", "nftables")]
    [InlineData("iptables", "iptables")]
    public void The_configuration_chooses_and_nftables_comes_first(string? configured, string expected)
    {
        using var host = new TestNamespace();
        Use(host, masquerading =>
        {
            Assert.Null(masquerading.WhyUnusable(configured));
            Assert.NotNull(masquerading.WhatIsMissing(configured, Tag, new(Addresses)));
            var chosen = masquerading.Choose(configured);
            Assert.Equal(expected, chosen.Name);
            chosen.Add(Tag, new(Addresses));
            Assert.Null(masquerading.WhatIsMissing(configured, Tag, new(Addresses)));
        });
        Assert.Equal(expected == "iptables", host.Run("iptables-save", "-t", "nat").Contains(Tag.ChainName, StringComparison.Ordinal));
    }

    [RootTheory("ip", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Removal_looks_in_both_whatever_was_chosen(string backend)
    {
        using var host = new TestNamespace();
        Use(host, masquerading => masquerading.Choose(backend).Add(Tag, new(Addresses)));
        Use(host, masquerading => masquerading.Remove(Tag));
        Assert.DoesNotContain(Tag.Key, host.Run("nft", "list", "ruleset"), StringComparison.Ordinal);

        Use(host, masquerading => masquerading.Choose(backend).Add(Tag, new(Addresses)));
        Use(host, masquerading => masquerading.RemoveOthers(Tag.NetworkPrefix, new HashSet<string>(), new HashSet<System.Net.IPAddress>()));
        Assert.DoesNotContain(Tag.Key, host.Run("nft", "list", "ruleset"), StringComparison.Ordinal);
    }

    [RootTheory("ip", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void What_leaves_the_network_leaves_with_the_host_s_address_and_what_stays_keeps_its_own(string backend)
    {
        using var net = new RoutedNetwork();
        Use(net.Host, masquerading => masquerading.Choose(backend).Add(Tag, new(Addresses)));

        Assert.Equal("203.0.113.1", net.SourceSeenOutside("203.0.113.2"));
        Assert.Equal("2001:db8:ffff::1", net.SourceSeenOutside("2001:db8:ffff::2"));
        Assert.Equal("10.1.2.2", net.SourceSeenNextDoor("10.1.2.130"));

        Use(net.Host, masquerading => masquerading.Remove(Tag));
        Assert.Equal("10.1.2.2", net.SourceSeenOutside("203.0.113.2"));
        Assert.Equal("2001:db8::2", net.SourceSeenOutside("2001:db8:ffff::2"));
    }

    [RootTheory("ip", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void What_goes_to_an_excepted_destination_keeps_its_own_address(string backend)
    {
        using var net = new RoutedNetwork();
        var scope = new MasqueradeScope(Addresses) { Except = [IpPrefix.Parse("203.0.113.2/31"), IpPrefix.Parse("2001:db8:ffff::2/127"), .. Many()] };
        Use(net.Host, masquerading =>
        {
            masquerading.Choose(backend).Add(Tag, scope);
            Assert.Null(masquerading.WhatIsMissing(backend, Tag, scope));
            Assert.NotNull(masquerading.WhatIsMissing(backend, Tag, scope with { Except = [.. scope.Except, IpPrefix.Parse("10.99.0.0/16")] }));
        });

        Assert.Equal("10.1.2.2", net.SourceSeenOutside("203.0.113.2"));
        Assert.Equal("2001:db8::2", net.SourceSeenOutside("2001:db8:ffff::2"));
        Use(net.Host, masquerading => masquerading.Choose(backend).Add(Tag, scope with { Except = [.. Many()] }));
        Assert.Equal("203.0.113.1", net.SourceSeenOutside("203.0.113.2"));
        Assert.Equal("2001:db8:ffff::1", net.SourceSeenOutside("2001:db8:ffff::2"));
    }

    // With the two above, as many of a family as a configuration may have.
    private static IEnumerable<IpPrefix> Many() => Enumerable.Range(0, 15).SelectMany(static i => (IpPrefix[])[IpPrefix.Parse($"10.{i + 40}.128.0/17"), IpPrefix.Parse($"fd00:{i:x}::/33")]);

    private static void Use(TestNamespace host, Action<Masquerading> work) => host.Namespace.Run(() =>
    {
        using var masquerading = new Masquerading();
        work(masquerading);
        return 0;
    });
}
