using System.Net;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// The few expressions of nf_tables that the rules here are made of, written as nft(8) writes them, so that it shows them in its own words.
/// All of them work through register 1.
/// </summary>
internal static class RuleExpressions
{
    public const string Meta = "meta";
    public const string Compare = "cmp";
    public const string Payload = "payload";
    public const string Bitwise = "bitwise";
    public const string Immediate = "immediate";
    public const string Masquerade = "masq";

    private const uint Register = 1; // NFT_REG_1
    private const uint VerdictRegister = 0; // NFT_REG_VERDICT
    private const uint MetaProtocol = 15; // NFT_META_NFPROTO
    private const uint NetworkHeader = 1; // NFT_PAYLOAD_NETWORK_HEADER
    private const uint Equal = 0; // NFT_CMP_EQ
    private const uint NotEqual = 1; // NFT_CMP_NEQ
    private const int Return = -5; // NFT_RETURN
    private const int Goto = -4; // NFT_GOTO

    /// <summary><c>ip saddr A</c>: the packet is of this family and comes from this address.</summary>
    public static void MatchSource(ref NetlinkWriter writer, IPAddress address)
    {
        MatchFamily(ref writer, address.Family());
        MatchAddress(ref writer, IpPrefix.Host(address), SourceOffset(address.Family()), equal: true);
    }

    /// <summary><c>ip daddr NET</c>.</summary>
    public static void MatchDestination(ref NetlinkWriter writer, IpPrefix prefix)
    {
        MatchFamily(ref writer, prefix.Family);
        MatchAddress(ref writer, prefix, DestinationOffset(prefix.Family), equal: true);
    }

    /// <summary><c>ip daddr != NET</c>, after the family was matched.</summary>
    public static void MatchOtherDestination(ref NetlinkWriter writer, IpPrefix prefix) =>
        MatchAddress(ref writer, prefix, DestinationOffset(prefix.Family), equal: false);

    /// <summary><c>masquerade</c>.</summary>
    public static void WriteMasquerade(ref NetlinkWriter writer) => End(ref writer, Begin(ref writer, Masquerade));

    /// <summary><c>return</c>.</summary>
    public static void WriteReturn(ref NetlinkWriter writer) => WriteVerdict(ref writer, Return, chain: null);

    /// <summary><c>goto CHAIN</c>.</summary>
    public static void WriteGoto(ref NetlinkWriter writer, string chain) => WriteVerdict(ref writer, Goto, chain);

    // struct iphdr and struct ipv6hdr.
    private static uint SourceOffset(IpFamily family) => family == IpFamily.V4 ? 12u : 8u;

    private static uint DestinationOffset(IpFamily family) => family == IpFamily.V4 ? 16u : 24u;

    private static void MatchFamily(ref NetlinkWriter writer, IpFamily family)
    {
        var meta = Begin(ref writer, Meta);
        writer.AttributeBigEndian(NftAttribute.MetaKey, MetaProtocol);
        writer.AttributeBigEndian(NftAttribute.MetaRegister, Register);
        End(ref writer, meta);
        WriteCompare(ref writer, Equal, [(byte)family]);
    }

    // A prefix of whole bytes is compared as those bytes alone; any other is masked first. /0 has no bytes to compare, so it is masked.
    private static void MatchAddress(ref NetlinkWriter writer, IpPrefix prefix, uint offset, bool equal)
    {
        Span<byte> address = stackalloc byte[16];
        prefix.Network.Address.TryWriteBytes(address, out var size);
        var wholeBytes = prefix.Length % 8 == 0 && prefix.Length > 0;
        var length = wholeBytes ? prefix.Length / 8 : size;

        var payload = Begin(ref writer, Payload);
        writer.AttributeBigEndian(NftAttribute.PayloadRegister, Register);
        writer.AttributeBigEndian(NftAttribute.PayloadBase, NetworkHeader);
        writer.AttributeBigEndian(NftAttribute.PayloadOffset, offset);
        writer.AttributeBigEndian(NftAttribute.PayloadLength, (uint)length);
        End(ref writer, payload);
        if (!wholeBytes)
            WriteMask(ref writer, prefix.Length, size);
        WriteCompare(ref writer, equal ? Equal : NotEqual, address[..length]);
    }

    private static void WriteMask(ref NetlinkWriter writer, int prefixLength, int size)
    {
        Span<byte> mask = stackalloc byte[16];
        Span<byte> xor = stackalloc byte[16];
        xor.Clear();
        for (var i = 0; i < size; i++)
            mask[i] = (byte)(0xff << (8 - Math.Clamp(prefixLength - 8 * i, 0, 8)));

        var bitwise = Begin(ref writer, Bitwise);
        writer.AttributeBigEndian(NftAttribute.BitwiseSource, Register);
        writer.AttributeBigEndian(NftAttribute.BitwiseTarget, Register);
        writer.AttributeBigEndian(NftAttribute.BitwiseLength, (uint)size);
        WriteData(ref writer, NftAttribute.BitwiseMask, mask[..size]);
        WriteData(ref writer, NftAttribute.BitwiseXor, xor[..size]);
        End(ref writer, bitwise);
    }

    private static void WriteCompare(ref NetlinkWriter writer, uint operation, scoped ReadOnlySpan<byte> value)
    {
        var compare = Begin(ref writer, Compare);
        writer.AttributeBigEndian(NftAttribute.CompareRegister, Register);
        writer.AttributeBigEndian(NftAttribute.CompareOperation, operation);
        WriteData(ref writer, NftAttribute.CompareData, value);
        End(ref writer, compare);
    }

    private static void WriteVerdict(ref NetlinkWriter writer, int code, string? chain)
    {
        var immediate = Begin(ref writer, Immediate);
        writer.AttributeBigEndian(NftAttribute.ImmediateRegister, VerdictRegister);
        var data = writer.BeginNested(NftAttribute.ImmediateData);
        var verdict = writer.BeginNested(NftAttribute.DataVerdict);
        writer.AttributeBigEndian(NftAttribute.VerdictCode, (uint)code);
        if (chain is not null)
            writer.Attribute(NftAttribute.VerdictChain, chain);
        writer.EndNested(verdict);
        writer.EndNested(data);
        End(ref writer, immediate);
    }

    private static void WriteData(ref NetlinkWriter writer, ushort type, scoped ReadOnlySpan<byte> value)
    {
        var data = writer.BeginNested(type);
        writer.Attribute(NftAttribute.DataValue, value);
        writer.EndNested(data);
    }

    private static (int Element, int Data) Begin(ref NetlinkWriter writer, string name)
    {
        var element = writer.BeginNested(NftAttribute.ListElement);
        writer.Attribute(NftAttribute.ExpressionName, name);
        return (element, writer.BeginNested(NftAttribute.ExpressionData));
    }

    private static void End(ref NetlinkWriter writer, (int Element, int Data) expression)
    {
        writer.EndNested(expression.Data);
        writer.EndNested(expression.Element);
    }
}
