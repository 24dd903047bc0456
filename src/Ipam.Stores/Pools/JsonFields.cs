using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Text;

namespace Ipam.Stores.Pools;

/// <summary>
/// The fields of a JSON object, all of them known and each given once. A field that is null counts as not given. Every member throws
/// <see cref="FormatException"/> for a field of another kind than asked for.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly string _where;

    /// <summary>Takes the object apart.</summary>
    /// <param name="json">The object.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <param name="known">The names that its fields may have.</param>
    /// <exception cref="FormatException">It is no object, or has another field, or one twice.</exception>
    public JsonFields(JsonElement json, string where, params IReadOnlyCollection<string> known)
    {
        _where = where;
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{where}: wanted is an object, {{...}}, found {json.GetRawText()}");
        foreach (var field in json.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                throw new FormatException(
                    $"{where}: unknown key \"{field.Name}\"; did you mean \"{NearestName.Among(known, field.Name)}\"? Known keys: {string.Join(", ", known)}");
            }
            if (!_fields.TryAdd(field.Name, field.Value))
                throw new FormatException($"{where}: key \"{field.Name}\" is given twice; keep one of them");
        }
    }

    /// <summary>A text; null if it isn't given.</summary>
    public string? Text(string key) => Field(key) is { } field ? AsText(field, key) : null;

    /// <summary>A text that must be given.</summary>
    public string Required(string key) => Text(key) ?? throw new FormatException($"{_where}: \"{key}\" is missing; give it");

    /// <summary>A yes or no; no if it isn't given.</summary>
    public bool Flag(string key) => Field(key) is { } field
        && (field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.GetBoolean() : throw Wrong(key, "true or false", field));

    /// <summary>A whole number; 0 if it isn't given.</summary>
    public int Number(string key)
    {
        if (Field(key) is not { } field)
            return 0;
        return field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var number) ? number : throw Wrong(key, "a whole number", field);
    }

    /// <summary>An address; null if it isn't given.</summary>
    public Address? Address(string key)
    {
        if (Field(key) is not { } field)
            return null;
        return Core.Addresses.Address.TryParse(AsText(field, key), out var address)
            ? address
            : throw Wrong(key, "an IP address such as 10.1.0.5 or fd00::5", field);
    }

    /// <summary>A prefix that must be given.</summary>
    public Prefix Prefix(string key) => Core.Addresses.Prefix.TryParse(Required(key), out var prefix)
        ? prefix
        : throw Wrong(key, "CIDR notation such as \"10.1.0.0/16\"", _fields[key]);

    /// <summary>A list of addresses, ranges of them and prefixes; empty if it isn't given.</summary>
    public IReadOnlyList<AddressRange> Ranges(string key) => List(key, item => AddressRange.TryParse(AsText(item, key), out var range)
        ? range
        : throw Wrong(key, "an address, a range such as \"10.1.0.5-10.1.0.9\" or a prefix such as \"10.1.0.0/28\"", item));

    /// <summary>A list of texts; empty if it isn't given.</summary>
    public IReadOnlyList<string> Texts(string key) => List(key, item => AsText(item, key));

    /// <summary>A list, item by item; empty if it isn't given.</summary>
    public IReadOnlyList<T> List<T>(string key, Func<JsonElement, T> read)
    {
        if (Field(key) is not { } field)
            return [];
        return field.ValueKind == JsonValueKind.Array ? [.. field.EnumerateArray().Select(read)] : throw Wrong(key, "a list, [...]", field);
    }

    /// <summary>One of some words, each of which stands for a value; <paramref name="absent"/> if it isn't given.</summary>
    public T Word<T>(string key, T absent, params IReadOnlyList<(string Word, T Value)> words)
    {
        if (Field(key) is not { } field)
            return absent;
        foreach (var (word, value) in words)
        {
            if (AsText(field, key) == word)
                return value;
        }
        throw Wrong(key, $"one of {string.Join(", ", words.Select(static w => $"\"{w.Word}\""))}", field);
    }

    /// <summary>Texts by key; empty if it isn't given.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Field(key) is not { } field)
            return map;
        if (field.ValueKind != JsonValueKind.Object)
            throw Wrong(key, "an object, {...}", field);
        foreach (var entry in field.EnumerateObject())
            map[entry.Name] = AsText(entry.Value, $"{key}.{entry.Name}");
        return map;
    }

    /// <summary>The field itself; null if it isn't given.</summary>
    public JsonElement? Field(string key) => _fields.TryGetValue(key, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private string AsText(JsonElement field, string key) =>
        field.ValueKind == JsonValueKind.String ? field.GetString()! : throw Wrong(key, "a text", field);

    private FormatException Wrong(string key, string wanted, JsonElement found) =>
        new($"{_where}: {key} is {found.GetRawText()}, wanted is {wanted}");
}
