using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;

namespace Ipam.Configuration.Whereabouts;

/// <summary>
/// Whereabouts' file of defaults, <c>whereabouts.conf</c>: an <c>ipam</c> object whose keys count where a configuration doesn't give them. A value, which whoever read the file has made:
/// nothing is read here. Safe for use by several threads at once.
/// </summary>
public sealed class FlatFile
{
    private readonly JsonElement _keys;
    private readonly string? _problem;

    private FlatFile(string path, JsonElement keys, string? problem) => (Path, _keys, _problem) = (path, keys, problem);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>One with this content. That it is none is said when it is used.</summary>
    public static FlatFile Of(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            var json = new Utf8JsonReader(content);
            var keys = JsonElement.ParseValue(ref json);
            while (json.Read())
            {
            }
            return keys.ValueKind == JsonValueKind.Object ? new FlatFile(path, keys, null) : Unreadable(path, "wanted is one JSON object with keys of ipam");
        }
        catch (JsonException e)
        {
            // Not the parser's text: it would show a bit of a file that is none of the asker's business.
            return Unreadable(path, $"it is no JSON from line {e.LineNumber + 1} on");
        }
    }

    /// <summary>One that can't be read. That is said when it is used.</summary>
    public static FlatFile Unreadable(string path, string problem) => new(path, default, problem);

    /// <summary>What a configuration says, and for what it doesn't, the file.</summary>
    /// <exception cref="CniException">The file can't be used (code 7).</exception>
    internal JsonElement Under(JsonElement ipam)
    {
        if (_problem is not null)
            throw InvalidConfiguration.Because($"Whereabouts' file {Path} can't be used: {_problem}", "ipamd reads it, on the node and in the container that it runs in");
        WhereaboutsKeys.CheckFile(_keys, Path);
        var merged = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(merged))
        {
            writer.WriteStartObject();
            foreach (var property in _keys.EnumerateObject())
            {
                if (!IsGiven(ipam, property.Name) && IsGiven(_keys, property.Name))
                    property.WriteTo(writer);
            }
            foreach (var property in ipam.EnumerateObject())
            {
                if (IsGiven(ipam, property.Name) || !IsGiven(_keys, property.Name))
                    property.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        var json = new Utf8JsonReader(merged.WrittenSpan);
        return JsonElement.ParseValue(ref json);
    }

    /// <summary>Whereabouts takes what is empty for not given.</summary>
    private static bool IsGiven(JsonElement json, string key) => json.TryGetKey(key, out var value) && value.ValueKind switch
    {
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value).Length > 2,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => true,
    };
}
