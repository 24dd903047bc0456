using System.Text;
using System.Text.Json;

namespace EndToEnd.Support;

/// <summary>JSON in tests.</summary>
internal static class JsonText
{
    /// <summary>The one value that the text holds; throws when there is another, or something behind it.</summary>
    public static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The same JSON without white space. The order of keys, their spelling and all values stay as they are.</summary>
    public static string Compact(string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Parse(text).WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
