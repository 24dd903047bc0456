using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.Identity;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>How the use of the pools went: noted beside the pools, because in a pool's own object each node would be told of every change.</summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the notes.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolTrends(Func<IKubernetesClient> client, Func<string> space, int objectsPerPage, TimeProvider time) : ITrendStore
{
    private readonly NamedNotes _notes = new(client, space, objectsPerPage, time, "trend", "ipamsuite.dev/pool", "ipamsuite.dev/trend");

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => _notes.ListAsync(cancellationToken);

    /// <inheritdoc/>
    // Who lost to another one leaves what that one wrote.
    public async Task PutAsync(string pool, string text, CancellationToken cancellationToken) =>
        await _notes.WriteAsync(pool, await _notes.FindAsync(pool, cancellationToken), text, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string pool, CancellationToken cancellationToken)
    {
        if (await _notes.FindAsync(pool, cancellationToken) is { } lease)
            await _notes.DeleteAsync(lease, cancellationToken);
    }
}
