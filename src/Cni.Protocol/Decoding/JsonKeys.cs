using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>
/// Looking into a JSON object as the reference library does: keys match in any (ASCII) case, the last of equal keys counts, and null
/// is the same as nothing. A value of the wrong type throws <see cref="CniException"/>, code 6.
/// </summary>
public static class JsonKeys
{
    /// <summary>The value at a key; false when it is absent or null, or when <paramref name="parent"/> is not an object.</summary>
    public static bool TryGetKey(this JsonElement parent, string key, out JsonElement value)
    {
        value = default;
        if (parent.ValueKind != JsonValueKind.Object)
            return false;
        foreach (var property in parent.EnumerateObject())
        {
            if (KeyIs(property, key))
                value = property.Value;
        }
        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    /// <summary>The text at a key, or null when there is none.</summary>
    public static string? GetText(this JsonElement parent, string key) => parent.GetText(key, JsonSubject.Configuration);

    /// <summary>
    /// The whole number at a key, or null when there is none. <c>1.5e3</c> is one: runtimes pass numbers through a float.
    /// </summary>
    public static long? GetInteger(this JsonElement parent, string key) =>
        parent.GetInteger(key, long.MinValue, long.MaxValue, JsonSubject.Configuration);

    /// <summary>True or false at a key, or null when there is none.</summary>
    public static bool? GetFlag(this JsonElement parent, string key)
    {
        if (!parent.TryGetKey(key, out var value))
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(JsonValueKind.True, value.ValueKind, key, JsonSubject.Configuration);
    }

    /// <summary>The object at a key, or null when there is none.</summary>
    public static JsonElement? GetObject(this JsonElement parent, string key) =>
        parent.Get(key, JsonValueKind.Object, JsonSubject.Configuration);

    /// <summary>The array at a key, or null when there is none.</summary>
    public static JsonElement? GetArray(this JsonElement parent, string key) =>
        parent.Get(key, JsonValueKind.Array, JsonSubject.Configuration);

    /// <summary>The array of texts at a key, or null when there is none. A null inside it is an empty text.</summary>
    public static IReadOnlyList<string>? GetTexts(this JsonElement parent, string key) => parent.GetTexts(key, JsonSubject.Configuration);

    /// <summary>Whether the key is there at all, be it with null.</summary>
    internal static bool HasKey(this JsonElement parent, string key)
    {
        foreach (var property in parent.EnumerateObject())
        {
            if (KeyIs(property, key))
                return true;
        }
        return false;
    }

    internal static JsonElement? Get(this JsonElement parent, string key, JsonValueKind wanted, string subject)
    {
        if (!parent.TryGetKey(key, out var value))
            return null;
        Ensure(value.ValueKind, wanted, key, subject);
        return value;
    }

    internal static string? GetText(this JsonElement parent, string key, string subject) =>
        parent.Get(key, JsonValueKind.String, subject) is { } value ? Decode(value, key, subject) : null;

    internal static long? GetInteger(this JsonElement parent, string key, long min, long max, string subject)
    {
        if (parent.Get(key, JsonValueKind.Number, subject) is not { } value)
            return null;
        if (!value.TryGetInt64(out var number))
        {
            var real = value.GetDouble();
            if (real != Math.Truncate(real) || Math.Abs(real) > MaxExactReal)
                throw Undecodable(subject, $"\"{key}\" must be a whole number, found {value.GetRawText()}");
            number = (long)real;
        }
        return number >= min && number <= max
            ? number
            : throw Undecodable(subject, $"\"{key}\" must be from {min} to {max}, found {value.GetRawText()}");
    }

    internal static IReadOnlyList<string>? GetTexts(this JsonElement parent, string key, string subject)
    {
        if (parent.Get(key, JsonValueKind.Array, subject) is not { } array)
            return null;
        var texts = new List<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            Ensure(item.ValueKind, JsonValueKind.String, key, subject);
            texts.Add(item.ValueKind == JsonValueKind.Null ? "" : Decode(item, key, subject));
        }
        return texts;
    }

    /// <summary>Throws code 6 unless the kind found is the wanted one, null or nothing.</summary>
    internal static void Ensure(JsonValueKind found, JsonValueKind wanted, string key, string subject)
    {
        if (found != wanted && found is not (JsonValueKind.Undefined or JsonValueKind.Null))
            throw Wrong(wanted, found, key, subject);
    }

    internal static CniException NotAnObject(JsonValueKind found, string subject) =>
        Undecodable(subject, $"wanted an object, found {Name(found)}");

    internal static CniException Undecodable(string subject, string what) =>
        new(CniErrorCode.DecodingFailure, $"error unmarshall {subject}: {what}");

    internal static CniException UndecodableText(string key, string subject) =>
        Undecodable(subject, $"\"{key}\" is a string that can't be decoded");

    /// <summary>Above this not every whole number is a double of its own.</summary>
    private const double MaxExactReal = 1L << 53;

    private static CniException Wrong(JsonValueKind wanted, JsonValueKind found, string key, string subject) =>
        Undecodable(subject, $"\"{key}\" must be {Name(wanted)}, found {Name(found)}");

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    private static string Decode(JsonElement value, string key, string subject)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw UndecodableText(key, subject);
        }
    }

    private static bool KeyIs(JsonProperty property, string key)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(property);
        if (!name.Contains((byte)'\\'))
            return Ascii.EqualsIgnoreCase(name, key);
        try
        {
            return Ascii.EqualsIgnoreCase(property.Name, key);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is in no key that anybody looks for.
            return false;
        }
    }
}
