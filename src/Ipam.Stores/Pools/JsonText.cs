using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Stores.Blocks;

namespace Ipam.Stores.Pools;

/// <summary>Short ways to write JSON. What is empty is left out.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What <paramref name="write"/> writes, as one line.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a document that a program of this suite wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static T Read<T>(string document, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"'{document}' can't be read: {StoredData.Why(e)}", e);
        }
    }

    /// <summary>A list of texts.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, string key, IEnumerable<string> texts)
    {
        if (!texts.Any())
            return;
        writer.WriteStartArray(key);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>An address.</summary>
    public static void WriteAddress(Utf8JsonWriter writer, string key, Address? address)
    {
        if (address is { } given)
            writer.WriteString(key, given.ToString());
    }

    /// <summary>A flag that is set.</summary>
    public static void WriteFlag(Utf8JsonWriter writer, string key, bool flag)
    {
        if (flag)
            writer.WriteBoolean(key, true);
    }
}
