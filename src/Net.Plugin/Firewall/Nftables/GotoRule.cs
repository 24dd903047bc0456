using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary><c>goto masq_checks</c>.</summary>
internal sealed record GotoRule(string Chain) : IRuleBody
{
    public void Write(ref NetlinkWriter writer) => RuleExpressions.WriteGoto(ref writer, Chain);
}
