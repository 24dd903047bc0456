using System.Text.Json;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Options;

/// <summary>Reads ipamd's JSON configuration file, of which only one key matters here; ipamd checks the others.</summary>
internal static class ServiceConfiguration
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The store's URL in the file; null if it names none.</summary>
    /// <exception cref="UsageException">The file can't be read, or what it says is no text.</exception>
    public static string? ReadStore(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new UsageException($"{path}: wanted is a JSON object, found is {json.RootElement.ValueKind}");
            if (!json.RootElement.TryGetProperty("store", out var store))
                return null;
            return store.ValueKind == JsonValueKind.String
                ? store.GetString()
                : throw new UsageException(
                    $"{path}: \"store\" must be a URL such as \"sqlite:/var/lib/ipam/ipam.db\", found is {store.GetRawText()}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path} can't be read as JSON: {e.Message} Name the store by --store, or another file by --config.");
        }
    }
}
