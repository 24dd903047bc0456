using System.Text;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// What a rule does as text, to compare one that the kernel has with one that is wanted. Only what the rules here use is spelled out; the
/// kernel adds attributes of its own to some expressions, so bytes can't be compared.
/// </summary>
internal static class RuleText
{
    // One for an IPv6 address with the most exceptions that a configuration may have.
    private const int LargestRule = 8192;

    /// <summary>The text of a rule that is to be made.</summary>
    public static string Of(IRuleBody body)
    {
        Span<byte> buffer = stackalloc byte[LargestRule];
        var writer = new NetlinkWriter(buffer);
        body.Write(ref writer);
        return Of(new AttributeReader(buffer[..writer.Length]));
    }

    /// <summary>The text of a list of expressions, such as <c>meta 15; cmp 0 02; payload 1 12 4; cmp 0 0a010202; masq</c>.</summary>
    public static string Of(AttributeReader expressions)
    {
        var text = new StringBuilder();
        while (expressions.TryRead(out var expression))
        {
            if (text.Length > 0)
                text.Append("; ");
            Append(text, expression.Nested);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, AttributeReader expression)
    {
        var name = "";
        while (expression.TryRead(out var attribute))
        {
            if (attribute.Type == NftAttribute.ExpressionName)
                text.Append(name = attribute.Text);
            else if (attribute.Type == NftAttribute.ExpressionData)
                AppendData(text, name, attribute.Nested);
        }
    }

    private static void AppendData(StringBuilder text, string name, AttributeReader data)
    {
        while (data.TryRead(out var attribute))
        {
            switch (name, attribute.Type)
            {
                case (RuleExpressions.Meta, NftAttribute.MetaKey):
                case (RuleExpressions.Compare, NftAttribute.CompareOperation):
                case (RuleExpressions.Payload, NftAttribute.PayloadBase or NftAttribute.PayloadOffset or NftAttribute.PayloadLength):
                    text.Append(' ').Append(attribute.UInt32BigEndian);
                    break;
                case (RuleExpressions.Compare, NftAttribute.CompareData):
                case (RuleExpressions.Bitwise, NftAttribute.BitwiseMask):
                case (RuleExpressions.Immediate, NftAttribute.ImmediateData):
                    AppendValue(text, attribute.Nested);
                    break;
            }
        }
    }

    private static void AppendValue(StringBuilder text, AttributeReader data)
    {
        while (data.TryRead(out var attribute))
        {
            if (attribute.Type == NftAttribute.DataValue)
                text.Append(' ').Append(Convert.ToHexStringLower(attribute.Value));
            else if (attribute.Type == NftAttribute.DataVerdict)
                AppendVerdict(text, attribute.Nested);
        }
    }

    private static void AppendVerdict(StringBuilder text, AttributeReader verdict)
    {
        while (verdict.TryRead(out var attribute))
        {
            if (attribute.Type == NftAttribute.VerdictCode)
                text.Append(' ').Append((int)attribute.UInt32BigEndian);
            else if (attribute.Type == NftAttribute.VerdictChain)
                text.Append(' ').Append(attribute.Text);
        }
    }
}
