using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Deletes one rule by its handle, or all rules of a chain where there is no handle. ENOENT if it is not there.</summary>
internal sealed record RuleRemoval(NftFamily Family, string Table, string Chain, ulong? Handle = null) : INetlinkRequest
{
    public ushort Type => NftMessageType.DeleteRule;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.RuleTable, Table);
        writer.Attribute(NftAttribute.RuleChain, Chain);
        if (Handle is { } handle)
            writer.AttributeBigEndian(NftAttribute.RuleHandle, handle);
    }

    public string Describe() => Handle is { } handle
        ? $"delete rule {handle} of nftables chain {Table} {Chain}"
        : $"empty nftables chain {Table} {Chain}";
}
