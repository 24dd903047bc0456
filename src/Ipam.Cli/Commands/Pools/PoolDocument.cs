using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Cli.Terminal;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>A pool as a document in JSON or YAML that people write: its fields, and its name among them.</summary>
internal static class PoolDocument
{
    /// <summary>The key of what <c>pool show</c> adds to a pool; a document that is read may have it.</summary>
    public const string StatusKey = "status";

    private const string NameKey = "name";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of <paramref name="pool"/>. What is as it is by default is left out.</summary>
    public static string Of(Pool pool) => Write(Indented, json =>
    {
        json.WriteStartObject();
        json.WriteString(NameKey, pool.Name);
        using var fields = JsonDocument.Parse(Write(default, plain => PoolJson.Write(plain, pool)));
        foreach (var field in fields.RootElement.EnumerateObject())
            field.WriteTo(json);
        json.WriteEndObject();
    }) + "\n";

    /// <summary>Reads a document, and checks that the pool makes sense.</summary>
    /// <param name="text">The document, which may have comments.</param>
    /// <param name="name">The pool's name, which the document may leave out; null if it must have it.</param>
    /// <exception cref="UsageException">There is something wrong with it.</exception>
    public static Pool Read(string text, string? name)
    {
        try
        {
            using var json = JsonDocument.Parse(YamlDocument.Is(text) ? YamlDocument.ToJson(text) : text, Lenient);
            var pool = Read(OnlyOne(json.RootElement), name);
            return PoolRules.Check(pool) is { } problem ? throw new UsageException(problem) : pool;
        }
        catch (JsonException e)
        {
            throw new UsageException($"the pool's document can't be read: {JsonPlace.Why(e)}");
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new UsageException("the pool's document has a text that can't be decoded: there is half of a surrogate pair in it; write the character itself, in UTF-8");
        }
    }

    /// <summary>A list with one pool, as 'pool show' prints it, is that pool.</summary>
    private static JsonElement OnlyOne(JsonElement json) => json.ValueKind != JsonValueKind.Array ? json
        : json.GetArrayLength() == 1 ? json[0]
        : throw new UsageException($"the document is a list of {json.GetArrayLength()} pools; give one, as 'ipamctl pool show NAME -o json' prints it");

    private static Pool Read(JsonElement json, string? name)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return PoolJson.Read(name ?? "", json);
        using var fields = JsonDocument.Parse(Write(default, plain => WriteFields(plain, json)));
        return PoolJson.Read(NameOf(json, name), fields.RootElement);
    }

    private static void WriteFields(Utf8JsonWriter writer, JsonElement json)
    {
        writer.WriteStartObject();
        foreach (var field in json.EnumerateObject())
        {
            if (!field.NameEquals(NameKey) && !field.NameEquals(StatusKey))
                field.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static string NameOf(JsonElement json, string? wanted)
    {
        if (!json.TryGetProperty(NameKey, out var found))
            return wanted ?? throw new UsageException("the pool's document has no \"name\"; give it there, or as NAME on the command line");
        if (found.ValueKind != JsonValueKind.String)
            throw new UsageException($"pool: {NameKey} is {found.GetRawText()}, wanted is a text");
        var name = found.GetString()!;
        return wanted is null || wanted == name
            ? name
            : throw new UsageException($"the document is of pool '{name}', and '{wanted}' is asked for; a pool keeps its name, so make them the same");
    }

    private static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
