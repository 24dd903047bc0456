using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary><c>ip daddr 224.0.0.0/4 return</c>.</summary>
internal sealed record ReturnRule(IpPrefix Destination) : IRuleBody
{
    public void Write(ref NetlinkWriter writer)
    {
        RuleExpressions.MatchDestination(ref writer, Destination);
        RuleExpressions.WriteReturn(ref writer);
    }
}
