using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>What a rule does: its list of expressions.</summary>
internal interface IRuleBody
{
    void Write(ref NetlinkWriter writer);
}

/// <summary><c>goto masq_checks</c>.</summary>
internal sealed record GotoRule(string Chain) : IRuleBody
{
    public void Write(ref NetlinkWriter writer) => RuleExpressions.WriteGoto(ref writer, Chain);
}

/// <summary><c>ip daddr 224.0.0.0/4 return</c>.</summary>
internal sealed record ReturnRule(IpPrefix Destination) : IRuleBody
{
    public void Write(ref NetlinkWriter writer)
    {
        RuleExpressions.MatchDestination(ref writer, Destination);
        RuleExpressions.WriteReturn(ref writer);
    }
}

/// <summary><c>ip saddr 10.1.2.2 ip daddr != 10.1.2.0/24 masquerade</c>.</summary>
internal sealed record MasqueradeRule(IpPrefix Address) : IRuleBody
{
    /// <summary>Other destinations of the family that are not masqueraded for either: each is one more <c>ip daddr != NET</c>.</summary>
    public IReadOnlyList<IpPrefix> Except { get; init; } = [];

    public void Write(ref NetlinkWriter writer)
    {
        RuleExpressions.MatchSource(ref writer, Address.Address);
        RuleExpressions.MatchOtherDestination(ref writer, Address.Network);
        foreach (var destination in Except)
            RuleExpressions.MatchOtherDestination(ref writer, destination);
        RuleExpressions.WriteMasquerade(ref writer);
    }
}
