using System.Text.Json;
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

    /// <summary>Reads an object; a text in it that can't be decoded, which has half of a surrogate pair, is a <see cref="FormatException"/>, too.</summary>
    public static T Decode<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"{where}: a text can't be decoded: there is half of a surrogate pair in it; write the character itself, in UTF-8");
        }
    }

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

    /// <summary>A yes or no; no if it isn't given.</summary>
    public bool Flag(string key) => Field(key) is { } field
        && (field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.GetBoolean() : throw Wrong(key, "true or false", field));

    /// <summary>A value as it stands there; null if it isn't given.</summary>
    public string? Raw(string key) => Field(key)?.GetRawText();

    /// <summary>A list of texts; empty if it isn't given.</summary>
    public IReadOnlyList<string> Texts(string key) => List(key, (item, _) => AsText(item, key));

    /// <summary>A list, item by item with its number from 0; empty if it isn't given.</summary>
    public IReadOnlyList<T> List<T>(string key, Func<JsonElement, int, T> read)
    {
        if (Field(key) is not { } field)
            return [];
        return field.ValueKind == JsonValueKind.Array ? [.. field.EnumerateArray().Select(read)] : throw Wrong(key, "a list, [...]", field);
    }

    /// <summary>Texts by key; empty if it isn't given.</summary>
    public IReadOnlyDictionary<string, string> Map(string key) => Map(key, AsText);

    /// <summary>Whole numbers by key; empty if it isn't given.</summary>
    public IReadOnlyDictionary<string, long> Numbers(string key) => Map(
        key, (field, name) => field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var number) ? number : throw Wrong(name, "a whole number", field));

    /// <summary>The field itself; null if it isn't given.</summary>
    public JsonElement? Field(string key) => _fields.TryGetValue(key, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private Dictionary<string, T> Map<T>(string key, Func<JsonElement, string, T> read)
    {
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        if (Field(key) is not { } field)
            return map;
        if (field.ValueKind != JsonValueKind.Object)
            throw Wrong(key, "an object, {...}", field);
        foreach (var entry in field.EnumerateObject())
            map[entry.Name] = read(entry.Value, $"{key}.{entry.Name}");
        return map;
    }

    private string AsText(JsonElement field, string key) =>
        field.ValueKind == JsonValueKind.String ? field.GetString()! : throw Wrong(key, "a text", field);

    private FormatException Wrong(string key, string wanted, JsonElement found) =>
        new($"{_where}: {key} is {found.GetRawText()}, wanted is {wanted}");
}
