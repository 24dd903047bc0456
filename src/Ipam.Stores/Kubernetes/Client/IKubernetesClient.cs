using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// What the store asks of the Kubernetes API, and no more, so that another client could take this one's place. Members may be called from
/// several threads at once. Each throws <see cref="StoreException"/> when the server can't be reached, doesn't answer in time, or
/// refuses, and <see cref="OperationCanceledException"/> when cancelled. A write is never repeated once it may have been done.
/// </summary>
internal interface IKubernetesClient : IDisposable
{
    /// <summary>Whether objects of a kind can be listed; returns if so.</summary>
    Task ProbeAsync(Resource kind, CancellationToken cancellationToken);

    /// <summary>An object; null if there is none of this name.</summary>
    Task<T?> GetAsync<T>(Kind<T> kind, string name, CancellationToken cancellationToken)
        where T : class;

    /// <summary>An object; null if there is none of this name, or we may not read it.</summary>
    Task<T?> FindAsync<T>(Kind<T> kind, string name, CancellationToken cancellationToken)
        where T : class;

    /// <summary>One page of a listing, or word that the listing must begin anew (<see cref="ListPage{T}.IsExpired"/>).</summary>
    Task<ListPage<T>> ListAsync<T>(Kind<T> kind, ListQuery query, CancellationToken cancellationToken);

    /// <summary>The same, before the page's objects are read. Whoever has it disposes it.</summary>
    Task<FetchedPage<T>> FetchAsync<T>(Kind<T> kind, ListQuery query, CancellationToken cancellationToken);

    /// <summary>Creates an object.</summary>
    Task<WriteAnswer> CreateAsync<T>(Kind<T> kind, T value, CancellationToken cancellationToken);

    /// <summary>Sends an object that the server answers and doesn't keep, such as a review, and returns it with the answer.</summary>
    Task<T> AskAsync<T>(Kind<T> kind, T question, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Replaces an object that still has the resourceVersion that <paramref name="value"/> is written with.</summary>
    Task<WriteAnswer> ReplaceAsync<T>(Kind<T> kind, string name, T value, CancellationToken cancellationToken);

    /// <summary>Merges <paramref name="json"/> into an object (RFC 7386). If that names a resourceVersion, the object must still have it.</summary>
    Task<WriteAnswer> PatchAsync(Resource kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Merges <paramref name="json"/> into an object's status (RFC 7386), whatever version it has.</summary>
    Task<WriteAnswer> PatchStatusAsync(Resource kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Deletes an object that still has this resourceVersion and, unless that is null, this identity.</summary>
    Task<WriteAnswer> DeleteAsync(Resource kind, string name, long resourceVersion, string? uid, CancellationToken cancellationToken);

    /// <summary>
    /// Changes after <paramref name="resourceVersion"/>, until the server ends the watch. The first event is
    /// <see cref="WatchEventType.Started"/>, the last may be <see cref="WatchEventType.Expired"/>: then list anew.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(Kind<T> kind, string resourceVersion, CancellationToken cancellationToken)
        where T : class;
}
