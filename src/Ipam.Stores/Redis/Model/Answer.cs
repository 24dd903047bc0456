using System.Buffers;
using System.Text;
using RESPite.Messages;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Model;

/// <summary>What a server answered, or a part of it. Each read says what it expects. Good as long as the answer's memory is.</summary>
internal readonly ref struct Answer(RespReader reader)
{
    private readonly RespReader _reader = reader;

    /// <summary>Whether it is nothing.</summary>
    public bool IsNothing => _reader.IsNull;

    /// <summary>The parts of a list. The newer protocol's sets and maps are lists as well, a map one of names and values in turn.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public AnswerParts Parts() => _reader.IsAggregate && !_reader.IsNull ? new AnswerParts(_reader) : throw Other("a list");

    /// <summary>A text in UTF-8.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public ReadOnlySpan<byte> Utf8() => !_reader.IsNull && _reader.TryGetSpan(out var text) ? text : throw Other("a text");

    /// <summary>A text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public string Text() => Encoding.UTF8.GetString(Utf8());

    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public long Number() => !_reader.IsNull && _reader.IsScalar && _reader.TryReadInt64(out var number) ? number : throw Other("a number");

    private InvalidDataException Other(string wanted) =>
        new($"the server answered with {(_reader.IsNull ? "nothing" : $"another kind of thing ({_reader.Prefix})")}, and {wanted} was expected");
}

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

/// <summary>The parts of a list, from the first to the last.</summary>
internal ref struct AnswerParts(RespReader list)
{
    private RespReader.AggregateEnumerator _parts = list.AggregateChildren();

    /// <summary>How many there are.</summary>
    public int Count { get; } = list.AggregateLength();

    /// <summary>The part that was moved to.</summary>
    public readonly Answer Current => new(_parts.Value);

    /// <summary>Moves to the next part; false if there is none.</summary>
    public bool MoveNext() => _parts.MoveNext();

    /// <summary>The next part.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public Answer Next() => MoveNext() ? Current : throw new InvalidDataException($"the server answered with {Count} things, and more were expected");

    /// <summary>The parts themselves, for <c>foreach</c>.</summary>
    public readonly AnswerParts GetEnumerator() => this;
}
