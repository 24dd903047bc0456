using System.Net;

namespace Cni.Protocol;

/// <summary>Writing values that are left out when they are empty.</summary>
internal static class ResultJson
{
    public static void WriteText(JsonOutput json, ReadOnlySpan<byte> key, string text)
    {
        if (text.Length > 0)
            json.Write(key, text);
    }

    public static void WriteNumber(JsonOutput json, ReadOnlySpan<byte> key, uint number)
    {
        if (number != 0)
            json.Write(key, number);
    }

    public static void WriteAddress(JsonOutput json, ReadOnlySpan<byte> key, IPAddress? address)
    {
        if (address is not null)
            json.Write(key, CniAddress.Format(address));
    }

    public static void WriteTexts(JsonOutput json, ReadOnlySpan<byte> key, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.StartList(key);
        foreach (var text in texts)
            json.Write(text);
        json.EndList();
    }

    public static void WriteList<T>(JsonOutput json, ReadOnlySpan<byte> key, IReadOnlyList<T> items, Action<JsonOutput, T> write)
    {
        if (items.Count == 0)
            return;
        json.StartList(key);
        foreach (var item in items)
        {
            json.StartObject();
            write(json, item);
            json.EndObject();
        }
        json.EndList();
    }
}
