using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ipam.Cli.Commands.Imports;

/// <summary>A text, a list or a mapping of a document in YAML or JSON. What isn't there is a node that is empty.</summary>
internal sealed class DataNode
{
    /// <summary>Deeper than any object of an API.</summary>
    private const int MostDepth = 64;

    private static readonly DataNode Empty = new();

    private readonly Dictionary<string, DataNode> _fields = new(StringComparer.Ordinal);
    private readonly List<DataNode> _items = [];

    private DataNode()
    {
    }

    /// <summary>The text; empty for anything else, and for null.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => Text.Length == 0 && _fields.Count == 0 && _items.Count == 0;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<DataNode> Items => _items;

    /// <summary>The fields of a mapping.</summary>
    public IReadOnlyDictionary<string, DataNode> Fields => _fields;

    /// <summary>What a field of a mapping has.</summary>
    public DataNode this[string key] => _fields.GetValueOrDefault(key, Empty);

    /// <summary>The documents of a text: YAML, of which JSON is a part.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    public static IReadOnlyList<DataNode> Parse(TextReader text)
    {
        try
        {
            var parser = new Parser(text);
            var documents = new List<DataNode>();
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                documents.Add(Read(parser, MostDepth));
                parser.Consume<DocumentEnd>();
            }
            return documents;
        }
        catch (YamlException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"it is neither YAML nor JSON at line {e.Start.Line}, column {e.Start.Column}: {e.Message}"));
        }
    }

    /// <summary>The value of a JSON document.</summary>
    public static DataNode Of(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new DataNode();
                foreach (var field in json.EnumerateObject())
                    map._fields[field.Name] = Of(field.Value);
                return map;
            case JsonValueKind.Array:
                var list = new DataNode();
                list._items.AddRange(json.EnumerateArray().Select(Of));
                return list;
            case JsonValueKind.String:
                return new DataNode { Text = json.GetString()! };
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return Empty;
            default:
                return new DataNode { Text = json.GetRawText() };
        }
    }

    private static DataNode Read(IParser parser, int depth)
    {
        if (depth == 0)
            throw new FormatException($"it is more than {MostDepth} levels deep");
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar is { Style: ScalarStyle.Plain, Value: "null" or "~" or "" } ? Empty : new DataNode { Text = scalar.Value };
        var node = new DataNode();
        if (parser.TryConsume<SequenceStart>(out _))
        {
            while (!parser.TryConsume<SequenceEnd>(out _))
                node._items.Add(Read(parser, depth - 1));
            return node;
        }
        if (!parser.TryConsume<MappingStart>(out _))
            throw new FormatException("it has an alias, which no object of an API has");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            node._fields[key] = Read(parser, depth - 1);
        }
        return node;
    }
}
