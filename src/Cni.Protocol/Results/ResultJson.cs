using System.Net;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>Writing values that are left out when they are empty.</summary>
internal static class ResultJson
{
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> key, string text)
    {
        if (text.Length > 0)
            json.WriteString(key, text);
    }

    public static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> key, uint number)
    {
        if (number != 0)
            json.WriteNumber(key, number);
    }

    public static void WriteAddress(Utf8JsonWriter json, ReadOnlySpan<byte> key, IPAddress? address)
    {
        if (address is not null)
            json.WriteString(key, CniAddress.Format(address));
    }

    public static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    public static void WriteList<T>(Utf8JsonWriter json, ReadOnlySpan<byte> key, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(key);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
