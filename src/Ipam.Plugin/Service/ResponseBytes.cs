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
        answer = new ServiceAnswer(status, body[..bodyLength]);
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

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length:"u8;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            if (line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name)
                && Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out int length, out _) && length >= 0)
                return length;
        }
        throw new ServiceUnreachableException("its answer has no Content-Length");
    }
}
