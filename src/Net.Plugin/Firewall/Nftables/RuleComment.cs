using System.Text;
using Net.Plugin.Attachments;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// The comment of a rule, as nft keeps it in the rule's user data: a list of type, length and value, of which type 0
/// (libnftnl/udata.h, NFTNL_UDATA_RULE_COMMENT) is the comment with a final zero.
/// </summary>
internal static class RuleComment
{
    private const byte CommentType = 0;
    private const int HeaderSize = 2;

    public static void Write(ref NetlinkWriter writer, string comment)
    {
        Span<byte> data = stackalloc byte[HeaderSize + AttachmentTag.LongestText + 1];
        data.Clear();
        var length = Encoding.UTF8.GetBytes(comment, data[HeaderSize..^1]);
        data[0] = CommentType;
        data[1] = (byte)(length + 1);
        writer.Attribute(NftAttribute.RuleUserData, data[..(HeaderSize + length + 1)]);
    }

    /// <summary>Null if there is no comment in it. User data is anybody's: what can't be read is not a fault.</summary>
    public static string? Read(ReadOnlySpan<byte> data)
    {
        while (data.Length >= HeaderSize && data.Length >= HeaderSize + data[1])
        {
            if (data[0] == CommentType)
                return Encoding.UTF8.GetString(data.Slice(HeaderSize, data[1]).TrimEnd((byte)0));
            data = data[(HeaderSize + data[1])..];
        }
        return null;
    }
}
