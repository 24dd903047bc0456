using System.Text.Json;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// What the store asks of the Kubernetes API, and no more, so that another client could take this one's place. Members may be called from
/// several threads at once. Each throws <see cref="StoreException"/> when the server can't be reached, doesn't answer in time, or
/// refuses, and <see cref="OperationCanceledException"/> when cancelled. A write is never repeated once it may have been done.
/// </summary>
internal interface IKubernetesClient : IDisposable
{
    /// <summary>An object; null if there is none of this name.</summary>
    Task<JsonDocument?> GetAsync(ResourceType type, string name, CancellationToken cancellationToken);

    /// <summary>An object; null if there is none of this name, or we may not read it.</summary>
    Task<JsonDocument?> FindAsync(ResourceType type, string name, CancellationToken cancellationToken);

    /// <summary>One page of a listing, or word that the listing must begin anew (<see cref="ListPage.IsExpired"/>).</summary>
    Task<ListPage> ListAsync(ResourceType type, ListQuery query, CancellationToken cancellationToken);

    /// <summary>Creates an object.</summary>
    Task<WriteAnswer> CreateAsync(ResourceType type, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Replaces an object that still has the resourceVersion that <paramref name="json"/> names.</summary>
    Task<WriteAnswer> ReplaceAsync(ResourceType type, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Merges <paramref name="json"/> into an object's status (RFC 7386), whatever version it has.</summary>
    Task<WriteAnswer> PatchStatusAsync(ResourceType type, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Deletes an object that still is as <paramref name="preconditions"/> say.</summary>
    Task<WriteAnswer> DeleteAsync(ResourceType type, string name, Preconditions preconditions, CancellationToken cancellationToken);

    /// <summary>
    /// Changes after <paramref name="resourceVersion"/>, until the server ends the watch. The first event is
    /// <see cref="WatchEventType.Started"/>, the last may be <see cref="WatchEventType.Expired"/>: then list anew.
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string resourceVersion, CancellationToken cancellationToken);
}
