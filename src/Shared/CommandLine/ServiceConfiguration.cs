using System.Text.Json;

namespace IpamSuite.Shared;

/// <summary>Reads ipamd's JSON configuration file, of which only few keys matter here; ipamd checks the others.</summary>
internal static class ServiceConfiguration
{
    /// <summary>The text of a key in the file; null if it isn't there.</summary>
    /// <exception cref="UsageException">The file can't be read, or what it says is no text.</exception>
    public static string? Read(string path, string key)
    {
        try
        {
            return ServiceFile.Read(path, json => json.TryGetProperty(key, out var value) ? TextOf(value, path, key) : null);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message}; name the store by --store, or another file by --config");
        }
    }

    private static string? TextOf(JsonElement value, string path, string key) => value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : throw new UsageException(
            $"{path}: \"{key}\" must be {(key == "store" ? "a URL such as \"sqlite:/var/lib/ipam/ipam.db\"" : "a text")}, found is {value.GetRawText()}");
}
