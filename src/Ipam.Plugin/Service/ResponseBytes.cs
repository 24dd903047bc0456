using System.Buffers.Text;
using System.Text;

namespace Ipam.Plugin.Service;

/// <summary>Reads the service's answer: a status line, headers with a <c>Content-Length</c>, a body (RFC 9112).</summary>
internal static class ResponseBytes
{
    private static ReadOnlySpan<byte> Protocol => "HTTP/1.1 "u8;

    /// <summary>False until all of the answer is there; throws <see cref="ServiceUnreachableException"/> for what isn't one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> received, out ServiceAnswer answer)
    {
        answer = default;
        var bytes = received.Span;
        EnsureHttp(bytes);
        var headLength = bytes.IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
            return false;
        var status = Status(bytes);
        var bodyLength = ContentLength(bytes[..headLength]);
        var body = received[(headLength + 4)..];
        if (body.Length < bodyLength)
            return false;
        answer = new ServiceAnswer(status, body[..bodyLength]) { Moved = Encoding.ASCII.GetString(Header(bytes[..headLength], "IPAM-Moved:"u8)) };
        return true;
    }

    /// <summary>As soon as it can be seen: something else may go on for ever.</summary>
    private static void EnsureHttp(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Protocol[..Math.Min(bytes.Length, Protocol.Length)]))
            throw NotHttp();
    }

    private static int Status(ReadOnlySpan<byte> bytes) =>
        Utf8Parser.TryParse(bytes[Protocol.Length..], out int status, out var digits) && digits == 3 ? status : throw NotHttp();

    private static ServiceUnreachableException NotHttp() => new("what answers there doesn't speak HTTP/1.1");

    private static int ContentLength(ReadOnlySpan<byte> head) => Utf8Parser.TryParse(Header(head, "Content-Length:"u8), out int length, out _) && length >= 0
        ? length
        : throw new ServiceUnreachableException("its answer has no Content-Length");

    /// <summary>What the first header of a name says; empty if there is none.</summary>
    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            if (line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return line[name.Length..].TrimStart((byte)' ');
        }
        return default;
    }
}
