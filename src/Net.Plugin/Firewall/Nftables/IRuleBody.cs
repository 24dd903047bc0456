using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>What a rule does: its list of expressions.</summary>
internal interface IRuleBody
{
    void Write(ref NetlinkWriter writer);
}
