using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>Reads objects property by property, in whatever order they come. What fits no expectation is an <see cref="InvalidDataException"/>.</summary>
internal static class JsonReading
{
    /// <summary>Goes on to the next property's name; false at the object's end.</summary>
    public static bool NextProperty(this ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether this property has this name; if so, the reader goes on to its value.</summary>
    public static bool Is(this ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    /// <summary>Goes on to the next item of an array; false at its end.</summary>
    public static bool NextItem(this ref Utf8JsonReader json) => json.Read() && json.TokenType != JsonTokenType.EndArray;

    /// <summary>Whether an object begins here; if not, what is here is passed over.</summary>
    public static bool BeginsObject(this ref Utf8JsonReader json) => Begins(ref json, JsonTokenType.StartObject);

    /// <summary>Whether an array begins here; if not, what is here is passed over.</summary>
    public static bool BeginsArray(this ref Utf8JsonReader json) => Begins(ref json, JsonTokenType.StartArray);

    /// <summary>The text that is here.</summary>
    public static string Text(this ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
            throw Unexpected(json.TokenType, "a text");
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("found a text that is no UTF-8, or has half a surrogate pair", e);
        }
    }

    /// <summary>Adds the texts of the object that begins here, by their keys. What is here in place of an object is passed over.</summary>
    public static void AddTexts(this ref Utf8JsonReader json, Dictionary<string, string> texts)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            var key = json.GetString()!;
            json.Read();
            texts[key] = json.Text();
        }
    }

    /// <summary>The number that is here.</summary>
    public static long Number(this ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? value : throw Unexpected(json.TokenType, "a whole number");

    private static bool Begins(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (json.TokenType == type)
            return true;
        json.Skip();
        return false;
    }

    private static InvalidDataException Unexpected(JsonTokenType found, string wanted) => new($"found {found}, wanted {wanted}");
}
