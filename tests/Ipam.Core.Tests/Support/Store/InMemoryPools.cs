using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>Pools and reservations in memory, by compare-and-swap.</summary>
internal sealed class InMemoryPools : IPoolStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Pool> _pools = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Reservation> _reservations = new(StringComparer.Ordinal);
    private long _revision;

    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) => Locked(() => _revision);

    public Task<PoolCatalog> ReadAsync(CancellationToken cancellationToken) =>
        Locked(() => new PoolCatalog(_revision, [.. _pools.Values], [.. _reservations.Values]));

    public Task<bool> PutAsync(Pool pool, CancellationToken cancellationToken) => Locked(() =>
    {
        if ((_pools.GetValueOrDefault(pool.Name)?.Version ?? 0) != pool.Version)
            return false;
        _pools[pool.Name] = pool with { Version = ++_revision };
        return true;
    });

    public Task<bool> DeleteAsync(Pool pool, CancellationToken cancellationToken) => Locked(() =>
        _pools.GetValueOrDefault(pool.Name)?.Version == pool.Version && _pools.Remove(pool.Name) && ++_revision > 0);

    public Task<bool> PutAsync(Reservation reservation, CancellationToken cancellationToken) => Locked(() =>
    {
        if ((_reservations.GetValueOrDefault(reservation.Name)?.Version ?? 0) != reservation.Version)
            return false;
        _reservations[reservation.Name] = reservation with { Version = ++_revision };
        return true;
    });

    public Task<bool> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) => Locked(() =>
        _reservations.GetValueOrDefault(reservation.Name)?.Version == reservation.Version
        && _reservations.Remove(reservation.Name) && ++_revision > 0);

    private Task<T> Locked<T>(Func<T> work)
    {
        lock (_lock)
            return Task.FromResult(work());
    }
}
