using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary><c>ip saddr 10.1.2.2 ip daddr != 10.1.2.0/24 masquerade</c>.</summary>
internal sealed record MasqueradeRule(IpPrefix Address) : IRuleBody
{
    public void Write(ref NetlinkWriter writer)
    {
        RuleExpressions.MatchSource(ref writer, Address.Address);
        RuleExpressions.MatchOtherDestination(ref writer, Address.Network);
        RuleExpressions.WriteMasquerade(ref writer);
    }
}
