using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Appends a rule to a chain.</summary>
internal sealed record RuleAddition(NftFamily Family, string Table, string Chain, IRuleBody Body, string? Comment = null) : INetlinkRequest
{
    public ushort Type => NftMessageType.NewRule;

    public MessageFlags Flags => MessageFlags.Create | MessageFlags.Append;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.RuleTable, Table);
        writer.Attribute(NftAttribute.RuleChain, Chain);
        var expressions = writer.BeginNested(NftAttribute.RuleExpressions);
        Body.Write(ref writer);
        writer.EndNested(expressions);
        if (Comment is not null)
            RuleComment.Write(ref writer, Comment);
    }

    public string Describe() => $"add a rule to nftables chain {Table} {Chain}";
}
