using Ipam.Core.Pools;

namespace Ipam.Core.Stores;

/// <summary>
/// Where pools and reservations are kept. Members may be called from several threads at once. Every member throws
/// <see cref="StoreException"/> when the store fails or doesn't answer, and <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IPoolStore
{
    /// <summary>
    /// A number that changes with every change of a pool or a reservation. Reading it is cheap enough to do before each batch of requests. A
    /// store that is told of changes by messages (Kubernetes) may be late by the time that a message takes.
    /// </summary>
    Task<long> ReadRevisionAsync(CancellationToken cancellationToken);

    /// <summary>All pools and reservations, and their revision. If they change while they are read, the store's revision is a later one.</summary>
    Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Creates the pool (its version is 0) or replaces the one that still has its version. Durable when it returns.</summary>
    /// <returns>False if there is one already, or another version of it, or none any more. Nothing is then written.</returns>
    Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken);

    /// <summary>Deletes the pool if it still has its version. Leases of its addresses stay.</summary>
    /// <returns>False if there is another version of it, or none. Nothing is then written.</returns>
    Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken);

    /// <summary>Creates the reservation (its version is 0) or replaces the one that still has its version; as for pools.</summary>
    Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>Deletes the reservation if it still has its version; as for pools.</summary>
    Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken);
}
