using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Asks for all rules of a table, chain by chain and in order. None if there is no such table.</summary>
internal sealed record RuleList(NftFamily Family, string Table) : INetlinkRequest
{
    public ushort Type => NftMessageType.GetRule;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.RuleTable, Table);
    }

    public string Describe() => $"list the rules of nftables table {Table}";
}
