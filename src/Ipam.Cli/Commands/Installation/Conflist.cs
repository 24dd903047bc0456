using System.Text.Json;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Installation;

/// <summary>A network configuration as a file: what runtimes read in their folder.</summary>
/// <param name="FileName">The file's name.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Plugins">The plugins that it names.</param>
internal sealed record Conflist(string FileName, byte[] Content, IReadOnlyList<string> Plugins)
{
    private const int MostBytes = 1 << 20;

    private static readonly string[] Extensions = [".conflist", ".conf", ".json"];

    /// <summary>The names of the configurations in a folder, in the order in which a runtime looks at them: it takes the first.</summary>
    public static IReadOnlyList<string> NamesIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(static path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It can't be read, or no runtime could use it.</exception>
    public static Conflist Read(string path)
    {
        if (!IsName(path))
            throw new UsageException($"'{path}' is no name that a runtime looks at; wanted is one that ends in {string.Join(", ", Extensions)}");
        try
        {
            var content = UnixFile.Read(path, MostBytes, followLink: true);
            using var json = JsonDocument.Parse(content);
            if (json.RootElement.ValueKind != JsonValueKind.Object || Text(json.RootElement, "name").Length == 0)
                throw new UsageException($"{path} is no network configuration: it has no \"name\"");
            var plugins = PluginsOf(json.RootElement);
            return plugins.Count > 0
                ? new Conflist(Path.GetFileName(path), content, plugins)
                : throw new UsageException($"{path} is no network configuration: it names no plugin; wanted is \"plugins\": [{{ \"type\": … }}]");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path} can't be read as JSON: {JsonPlace.Why(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException)
        {
            throw new UsageException($"{path} can't be read: {e.Message}");
        }
    }

    private static bool IsName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.Ordinal);

    private static List<string> PluginsOf(JsonElement network)
    {
        var plugins = network.TryGetProperty("plugins", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [network];
        var names = new List<string>();
        foreach (var plugin in plugins.Where(static plugin => plugin.ValueKind == JsonValueKind.Object))
        {
            names.Add(Text(plugin, "type"));
            if (plugin.TryGetProperty("ipam", out var ipam) && ipam.ValueKind == JsonValueKind.Object)
                names.Add(Text(ipam, "type"));
        }
        return [.. names.Where(static name => name.Length > 0).Distinct()];
    }

    private static string Text(JsonElement json, string key) =>
        json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
