using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Makes a table; one that exists stays as it is.</summary>
internal sealed record TableCreation(NftFamily Family, string Table) : INetlinkRequest
{
    public ushort Type => NftMessageType.NewTable;

    public MessageFlags Flags => MessageFlags.Create;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.TableName, Table);
    }

    public string Describe() => $"make nftables table {Table}";
}
