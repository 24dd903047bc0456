using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>One page of a listing. Its items live as long as it does.</summary>
internal sealed class ListPage(JsonDocument? document, string? continueWith, string resourceVersion) : IDisposable
{
    /// <summary>The server no longer has what the listing began with: begin anew, or go on by <see cref="Continue"/> with what is there now.</summary>
    public bool IsExpired => document is null;

    /// <summary>What asks for the next page; null if this is the last.</summary>
    public string? Continue => continueWith;

    /// <summary>The resourceVersion that the listing is of.</summary>
    public string ResourceVersion => resourceVersion;

    /// <summary>The objects, by name.</summary>
    public IEnumerable<JsonElement> Items =>
        document is not null && document.RootElement.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    /// <inheritdoc/>
    public void Dispose() => document?.Dispose();
}
