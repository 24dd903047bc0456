using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>
/// A spooled request as a file: one JSON object of texts. <c>format</c> is 1, <c>time</c> is UTC in ISO 8601, <c>network</c> the
/// network's name, the CNI_* variables that are set have their own names, and <c>stdin</c> is base64, as it must come back byte for byte.
/// <c>id</c> and <c>asked</c> (a <see cref="MonotonicMoment"/>) are missing in files of older versions.
/// </summary>
internal static class SpooledRequestFormat
{
    private const string Format = "1";

    public static byte[] Write(SpooledRequest request)
    {
        var json = new JsonOutput(isIndented: false);
        json.StartObject();
        json.Write("format"u8, Format);
        json.Write("time"u8, request.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.Write("network"u8, request.Network);
        json.Write("id"u8, request.Id);
        if (request.Asked.ToString() is { Length: > 0 } asked)
            json.Write("asked"u8, asked);
        foreach (var (name, value) in request.Environment.ToVariables())
            json.Write(Encoding.ASCII.GetBytes(name), value);
        json.Write("stdin"u8, Convert.ToBase64String(request.Stdin.Span));
        json.EndObject();
        return json.ToArray();
    }

    /// <summary>
    /// Throws <see cref="FormatException"/>, <see cref="JsonException"/> or <see cref="CniException"/> when the bytes are not such a file.
    /// </summary>
    public static SpooledRequest Read(ReadOnlySpan<byte> bytes)
    {
        var texts = ReadTexts(bytes);
        if (Required(texts, "format") is var format && format != Format)
            throw new FormatException($"\"format\" is \"{format}\", this program reads \"{Format}\"");
        return new SpooledRequest(
            Required(texts, "network"),
            CniEnvironment.Read(name => texts.GetValueOrDefault(name), requirePath: false),
            Convert.FromBase64String(Required(texts, "stdin")),
            DateTimeOffset.ParseExact(Required(texts, "time"), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
        {
            Id = texts.GetValueOrDefault("id") ?? "",
            Asked = MonotonicMoment.Parse(texts.GetValueOrDefault("asked")),
        };
    }

    private static Dictionary<string, string> ReadTexts(ReadOnlySpan<byte> bytes)
    {
        StrictJson.Check(bytes);
        var json = new Utf8JsonReader(bytes);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("not a JSON object");
        var texts = new Dictionary<string, string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            texts[key] = json.TokenType == JsonTokenType.String
                ? json.GetString()!
                : throw new FormatException($"\"{key}\" is not a string");
        }
        return texts;
    }

    private static string Required(Dictionary<string, string> texts, string key) =>
        texts.GetValueOrDefault(key) ?? throw new FormatException($"\"{key}\" is missing");
}
