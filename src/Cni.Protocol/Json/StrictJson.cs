using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Cni.Protocol;

/// <summary>
/// Reading JSON that others wrote. <see cref="Utf8JsonReader"/> alone puts off some faults until a string is asked for, and reports
/// them as <see cref="InvalidOperationException"/>; here every fault is found at once and is a <see cref="JsonException"/>.
/// </summary>
internal static class StrictJson
{
    /// <summary>
    /// Exactly one JSON value, white space around it allowed, valid UTF-8, and no string that can't be decoded.
    /// Throws <see cref="JsonException"/> otherwise.
    /// </summary>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        CheckUtf8(bytes);
        var json = new Utf8JsonReader(bytes);
        while (json.Read())
            CheckText(ref json);
    }

    /// <summary>Throws <see cref="JsonException"/> when the bytes are not UTF-8.</summary>
    public static void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new JsonException("not UTF-8");
    }

    /// <summary>Throws <see cref="JsonException"/> when the current token is a text with half a surrogate pair.</summary>
    public static void CheckText(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
            return;
        try
        {
            json.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string with half a surrogate pair", e);
        }
    }

    /// <summary>Goes to the last token of the current value (of the property's value, on a property name), checking each text.</summary>
    public static void SkipValue(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.PropertyName)
            json.Read();
        var depth = json.CurrentDepth;
        CheckText(ref json);
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        while (json.Read() && json.CurrentDepth > depth)
            CheckText(ref json);
    }

    /// <summary>
    /// Whether the current property name is <paramref name="key"/> (ASCII) in any case, as the reference library matches keys.
    /// </summary>
    public static bool KeyIs(ref Utf8JsonReader json, string key) =>
        json.ValueIsEscaped
            ? Ascii.EqualsIgnoreCase(json.GetString(), key)
            : Ascii.EqualsIgnoreCase(json.ValueSpan, key);

    /// <summary>What a failed read says: the place, and the reason where it is ours. (The framework's texts may be trimmed away.)</summary>
    public static string Explain(JsonException fault) =>
        fault.LineNumber is { } line
            ? $"invalid JSON at line {line + 1}, byte {fault.BytePositionInLine + 1}"
            : $"invalid JSON: {fault.Message}";

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
