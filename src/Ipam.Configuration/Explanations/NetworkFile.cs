using System.Buffers;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Explanations;

/// <summary>A network configuration as ipamd gets it: that of the plugin in it whose IPAM plugin is <c>ipam</c>.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Name">The network's name.</param>
/// <param name="Content">What the runtime would give to the plugin.</param>
public sealed record NetworkFile(string Path, string Name, ReadOnlyMemory<byte> Content)
{
    private const string OurType = "ipam";
    private const string NameKey = "name";
    private const string VersionKey = "cniVersion";

    /// <summary>That of a network configuration which a runtime could use; null if no plugin in it uses <c>ipam</c>.</summary>
    /// <param name="path">Where it was read.</param>
    /// <param name="network">What it says.</param>
    public static NetworkFile? Of(string path, JsonElement network)
    {
        var plugins = network.TryGetProperty("plugins", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [network];
        var plugin = Array.Find(plugins, IsOurs);
        return plugin.ValueKind == JsonValueKind.Undefined ? null : new NetworkFile(path, network.GetProperty(NameKey).GetString()!, Merge(network, plugin));
    }

    /// <summary>One that names a pool and nothing else.</summary>
    public static NetworkFile OfPool(Pool pool) => new(
        $"pool {pool.Name}", "any", ObjectOf(json =>
        {
            json.WriteString(VersionKey, "1.1.0");
            json.WriteString(NameKey, "any");
            json.WriteStartObject(OurType);
            json.WriteStartArray("pools");
            json.WriteStringValue(pool.Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }));

    /// <summary>What it says.</summary>
    /// <exception cref="CniException">It can't be used.</exception>
    public PluginConfiguration Parse() => new(NetworkConfiguration.Parse(Content));

    private static bool IsOurs(JsonElement plugin) =>
        plugin.ValueKind == JsonValueKind.Object && plugin.TryGetProperty("ipam", out var ipam) && ipam.ValueKind == JsonValueKind.Object
        && ipam.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(OurType);

    /// <summary>A runtime gives each plugin of a list the list's name and version.</summary>
    private static ReadOnlyMemory<byte> Merge(JsonElement network, JsonElement plugin) => ObjectOf(json =>
    {
        foreach (var key in (string[])[VersionKey, NameKey])
        {
            if (network.TryGetProperty(key, out var value))
            {
                json.WritePropertyName(key);
                value.WriteTo(json);
            }
        }
        foreach (var field in plugin.EnumerateObject())
        {
            if (!field.NameEquals(VersionKey) && !field.NameEquals(NameKey))
                field.WriteTo(json);
        }
    });

    private static ReadOnlyMemory<byte> ObjectOf(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
