using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>A rule that the kernel has.</summary>
/// <param name="Table">Older kernels list the rules of all tables.</param>
/// <param name="Chain">The chain it is in.</param>
/// <param name="Handle">Its number in the table, by which it is deleted.</param>
/// <param name="Body">What it does, as <see cref="RuleText"/> says it.</param>
/// <param name="Comment">Null if it has none.</param>
internal sealed record NftRule(string Table, string Chain, ulong Handle, string Body, string? Comment)
{
    /// <summary>Null for a message that is not about a rule.</summary>
    public static NftRule? Parse(NetlinkMessage message)
    {
        if (message.Type != NftMessageType.NewRule)
            return null;
        _ = message.Structure<NftHeader>(out var attributes);
        var rule = new NftRule("", "", 0, "", null);
        while (attributes.TryRead(out var attribute))
        {
            rule = attribute.Type switch
            {
                NftAttribute.RuleTable => rule with { Table = attribute.Text },
                NftAttribute.RuleChain => rule with { Chain = attribute.Text },
                NftAttribute.RuleHandle => rule with { Handle = attribute.UInt64BigEndian },
                NftAttribute.RuleExpressions => rule with { Body = RuleText.Of(attribute.Nested) },
                NftAttribute.RuleUserData => rule with { Comment = RuleComment.Read(attribute.Value) },
                _ => rule,
            };
        }
        return rule;
    }
}
