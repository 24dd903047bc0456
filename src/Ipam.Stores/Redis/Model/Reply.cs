using System.Buffers;
using System.Text;
using RESPite.Messages;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Model;

/// <summary>
/// An answer as it came: as its bytes, in memory that is lent; or as the client's own objects, where it gives no bytes, which are written as
/// bytes again.
/// </summary>
internal readonly struct Reply(RespResult? lent, byte[]? written) : IDisposable
{
    /// <summary>An answer whose objects the client made.</summary>
    public static Reply Of(RedisResult objects)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(objects, bytes);
        return new Reply(null, bytes.WrittenSpan.ToArray());
    }

    /// <summary>The answer; good until this is disposed.</summary>
    public Answer Read()
    {
        if (lent is not null)
            return new Answer(lent.Read());
        var reader = new RespReader(written);
        reader.MoveNext();
        return new Answer(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => lent?.Dispose();

    // The older protocol's forms, which the newer one has as well.
    private static void Write(RedisResult part, ArrayBufferWriter<byte> to)
    {
        if (part.IsNull)
        {
            to.Write("$-1\r\n"u8);
        }
        else if (part.Resp2Type == ResultType.Array)
        {
            to.Write(Encoding.ASCII.GetBytes($"*{part.Length}\r\n"));
            for (var i = 0; i < part.Length; i++)
                Write(part[i], to);
        }
        else
        {
            var text = (byte[])part!;
            to.Write(Encoding.ASCII.GetBytes($"${text.Length}\r\n"));
            to.Write(text);
            to.Write("\r\n"u8);
        }
    }
}
