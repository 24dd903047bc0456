using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IpamSuite.Shared;

namespace Cni.Protocol;

/// <summary>
/// Reading JSON that others wrote. <see cref="Utf8JsonReader"/> alone puts off some faults until a string is asked for, and reports
/// them as <see cref="InvalidOperationException"/>; here every fault is a <see cref="JsonException"/>.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep values may be nested: as deep as the reference library's decoder takes them.</summary>
    public const int MaxDepth = 10_000;

    /// <summary>A reader of these bytes, at their start.</summary>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> bytes) => new(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>
    /// Exactly one JSON value, white space around it allowed, valid UTF-8, and no string that can't be decoded.
    /// Throws <see cref="JsonException"/> otherwise.
    /// </summary>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        CheckUtf8(bytes);
        var json = Reader(bytes);
        while (json.Read())
            CheckText(ref json);
    }

    /// <summary>
    /// The same, but for strings, which may have half a surrogate pair: nobody may ask for them. Throws <see cref="JsonException"/>.
    /// </summary>
    public static void CheckForm(ReadOnlySpan<byte> bytes)
    {
        CheckUtf8(bytes);
        var json = Reader(bytes);
        while (json.Read())
        {
        }
    }

    /// <summary>Whether <see cref="CheckForm"/> finds nothing, and the value is an object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> bytes)
    {
        try
        {
            CheckForm(bytes);
            var json = Reader(bytes);
            return json.Read() && json.TokenType == JsonTokenType.StartObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Throws <see cref="JsonException"/> when the bytes are not UTF-8.</summary>
    public static void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new JsonException("not UTF-8");
    }

    /// <summary>The current token's text; null when it has half a surrogate pair.</summary>
    public static string? TryGetText(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Throws <see cref="JsonException"/> when the current token is a text with half a surrogate pair.</summary>
    public static void CheckText(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped && TryGetText(ref json) is null)
            throw new JsonException("a string with half a surrogate pair");
    }

    /// <summary>
    /// Goes to the last token of the current value (of the property's value, on a property name). What its strings say is nobody's business.
    /// </summary>
    public static void SkipValue(ref Utf8JsonReader json) => json.Skip();

    /// <summary>
    /// Whether the current property name is <paramref name="key"/> (ASCII) in any case, as the reference library matches keys.
    /// </summary>
    public static bool KeyIs(ref Utf8JsonReader json, string key)
    {
        // Half a surrogate pair is in no key that anybody looks for.
        return json.ValueIsEscaped
            ? TryGetText(ref json) is { } name && Ascii.EqualsIgnoreCase(name, key)
            : Ascii.EqualsIgnoreCase(json.ValueSpan, key);
    }

    /// <summary>What a failed read says: the place, and the reason where it is ours. (The framework's texts may be trimmed away.)</summary>
    public static string Explain(JsonException fault)
    {
        if (JsonPlace.Of(fault) is not { } place)
            return $"invalid JSON: {fault.Message}";
        // The framework's text, or the name that is left of it.
        return fault.Message.Contains("configured depth", StringComparison.Ordinal) || fault.Message.Contains("DepthTooLarge", StringComparison.Ordinal)
            ? $"values nested more than {MaxDepth} deep {place}"
            : $"invalid JSON {place}";
    }

    /// <summary>The kind of value that a token starts.</summary>
    public static JsonValueKind Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };
}
