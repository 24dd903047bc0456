using System.Text;
using Ipam.Stores.Redis.Keys;
using RESPite.Messages;

namespace Ipam.Stores.Redis.Model;

/// <summary>Reads an answer.</summary>
internal delegate T AnswerReader<out T>(Answer answer);

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

    /// <summary>The texts of a hash, each by the name that its field stands for.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public Dictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var parts = Parts(); parts.MoveNext();)
        {
            var name = KeyText.Read(parts.Current.Text());
            texts[name] = parts.Next().Text();
        }
        return texts;
    }

    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public long Number() => !_reader.IsNull && _reader.IsScalar && _reader.TryReadInt64(out var number) ? number : throw Other("a number");

    private InvalidDataException Other(string wanted) =>
        new($"the server answered with {(_reader.IsNull ? "nothing" : $"another kind of thing ({_reader.Prefix})")}, and {wanted} was expected");
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
