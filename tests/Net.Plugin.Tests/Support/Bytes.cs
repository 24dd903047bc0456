using Net.Plugin.Netlink;

namespace Net.Plugin.Tests.Support;

/// <summary>Messages as hexadecimal text, which is how the tests state what they expect.</summary>
internal static class Bytes
{
    /// <summary>The bytes written as pairs of digits, with any white space between them.</summary>
    public static byte[] Of(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>The request's body, without the message header, in groups of four bytes.</summary>
    public static string BodyOf(INetlinkRequest request)
    {
        var buffer = new byte[4096];
        var writer = new NetlinkWriter(buffer);
        request.Write(ref writer);
        return Grouped(buffer.AsSpan(0, writer.Length));
    }

    /// <summary>The same grouping for an expectation.</summary>
    public static string Grouped(string hex) => Grouped(Of(hex));

    private static string Grouped(ReadOnlySpan<byte> bytes) =>
        string.Join(' ', bytes.ToArray().Chunk(4).Select(group => Convert.ToHexStringLower(group)));
}
