using System.Text.Json;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Options;

/// <summary>Reads ipamd's JSON configuration file, of which only one key matters here; ipamd checks the others.</summary>
internal static class ServiceConfiguration
{
    /// <summary>The store's URL in the file; null if it names none.</summary>
    /// <exception cref="UsageException">The file can't be read, or what it says is no text.</exception>
    public static string? ReadStore(string path)
    {
        try
        {
            return ServiceFile.Read(path, json => json.TryGetProperty("store", out var store) ? UrlOf(store, path) : null);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message}; name the store by --store, or another file by --config");
        }
    }

    private static string? UrlOf(JsonElement store, string path) => store.ValueKind == JsonValueKind.String
        ? store.GetString()
        : throw new UsageException($"{path}: \"store\" must be a URL such as \"sqlite:/var/lib/ipam/ipam.db\", found is {store.GetRawText()}");
}
