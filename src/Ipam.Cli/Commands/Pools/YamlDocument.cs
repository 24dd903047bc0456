using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ipam.Cli.Commands.Pools;

/// <summary>A document in YAML, as JSON. A text without quotes is a number, a truth or nothing if JSON has it so. Anchors aren't taken.</summary>
internal static class YamlDocument
{
    private const int MostDepth = 16;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a text is written in YAML: JSON begins with a bracket or a comment.</summary>
    public static bool Is(string text) => text.AsSpan().TrimStart() is not (['{' or '[' or '/', ..] or []);

    /// <summary>The document as JSON.</summary>
    /// <exception cref="UsageException">It is no YAML, or more than is taken.</exception>
    public static string ToJson(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(buffer, Plain);
            var yaml = new Parser(new StringReader(text));
            yaml.Consume<StreamStart>();
            yaml.Consume<DocumentStart>();
            Write(yaml, json, 0);
            yaml.Consume<DocumentEnd>();
            if (!yaml.TryConsume<StreamEnd>(out _))
                throw new UsageException("the pool's document is several documents; give one pool");
        }
        catch (YamlException e)
        {
            throw new UsageException($"the pool's document can't be read as YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}");
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Parser yaml, Utf8JsonWriter json, int depth)
    {
        if (depth > MostDepth)
            throw new UsageException($"the pool's document is nested more than {MostDepth} deep, which no pool is");
        if (yaml.TryConsume<Scalar>(out var scalar))
            WriteScalar(scalar, json);
        else if (yaml.TryConsume<SequenceStart>(out _))
        {
            json.WriteStartArray();
            while (!yaml.TryConsume<SequenceEnd>(out _))
                Write(yaml, json, depth + 1);
            json.WriteEndArray();
        }
        else if (yaml.TryConsume<MappingStart>(out _))
        {
            json.WriteStartObject();
            while (!yaml.TryConsume<MappingEnd>(out _))
            {
                json.WritePropertyName(yaml.Consume<Scalar>().Value);
                Write(yaml, json, depth + 1);
            }
            json.WriteEndObject();
        }
        else
            throw new UsageException("the pool's document refers to another place of it (an alias of YAML); write it out");
    }

    private static void WriteScalar(Scalar scalar, Utf8JsonWriter json)
    {
        if (scalar.Style != ScalarStyle.Plain)
            json.WriteStringValue(scalar.Value);
        else if (scalar.Value is "" or "~" or "null")
            json.WriteNullValue();
        else if (scalar.Value is "true" or "false")
            json.WriteBooleanValue(scalar.Value == "true");
        else if (IsNumber(scalar.Value))
            json.WriteRawValue(scalar.Value);
        else
            json.WriteStringValue(scalar.Value);
    }

    private static bool IsNumber(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return (char.IsAsciiDigit(text[0]) || text[0] == '-') && reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
