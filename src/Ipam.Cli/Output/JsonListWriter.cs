using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Ipam.Cli.Output;

/// <summary>Prints a JSON array, object by object; or an object in each line.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer holds but a buffer, which must not be printed after a fault.")]
internal sealed class JsonListWriter<T> : IListWriter<T>, IFieldWriter
{
    private const int FlushAt = 1 << 15;

    private readonly View<T> _view;
    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly bool _inLines;

    public JsonListWriter(View<T> view, Stream output, bool inLines = false)
    {
        _view = view;
        _inLines = inLines;
        _output = inLines ? new BufferedStream(output, FlushAt) : output;
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { Indented = !inLines });
        if (!inLines)
            _json.WriteStartArray();
    }

    public void Add(T item)
    {
        _json.WriteStartObject();
        _view.WriteFields(item, this);
        _json.WriteEndObject();
        if (_inLines)
            EndLine();
        else if (_json.BytesPending > FlushAt)
            _json.Flush();
    }

    public void Complete()
    {
        if (!_inLines)
        {
            _json.WriteEndArray();
            EndLine();
        }
        _output.Flush();
    }

    private void EndLine()
    {
        _json.Flush();
        _json.Reset();
        _output.WriteByte((byte)'\n');
    }

    public void Text(string key, string? value) => _json.WriteString(key, value);

    public void Number(string key, long value) => _json.WriteNumber(key, value);

    public void Number(string key, UInt128 value)
    {
        _json.WritePropertyName(key);
        _json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
    }

    public void Flag(string key, bool value) => _json.WriteBoolean(key, value);

    public void Texts(string key, IEnumerable<string> values)
    {
        _json.WriteStartArray(key);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    public void Map(string key, IReadOnlyDictionary<string, string> values) => Object(key, fields =>
    {
        foreach (var (name, value) in values)
            fields.Text(name, value);
    });

    public void Object(string key, Action<IFieldWriter> write)
    {
        _json.WriteStartObject(key);
        write(this);
        _json.WriteEndObject();
    }

    public void Objects<TItem>(string key, IEnumerable<TItem> items, Action<TItem, IFieldWriter> write)
    {
        _json.WriteStartArray(key);
        foreach (var item in items)
        {
            _json.WriteStartObject();
            write(item, this);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }
}
