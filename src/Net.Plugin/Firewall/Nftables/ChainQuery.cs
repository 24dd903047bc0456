using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Asks whether there is such a chain; ENOENT if not. Not part of a batch.</summary>
internal sealed record ChainQuery(NftFamily Family, string Table, string Chain) : INetlinkRequest
{
    public ushort Type => NftMessageType.GetChain;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.ChainTable, Table);
        writer.Attribute(NftAttribute.ChainName, Chain);
    }

    public string Describe() => $"look up nftables chain {Table} {Chain}";
}
