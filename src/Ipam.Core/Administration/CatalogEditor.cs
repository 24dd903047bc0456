using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Changes pools and reservations of an open store. Each is changed only if it still is as it was read. Members throw
/// <see cref="StoreException"/>: the change may then have been written or not.
/// </summary>
public sealed class CatalogEditor(IIpamStore store)
{
    private readonly IPoolStore _pools = store.Pools;

    /// <summary>Creates a pool.</summary>
    public Task<EditOutcome> CreateAsync(Pool pool, CancellationToken cancellationToken) =>
        EditAsync(() => _pools.PutAsync(pool, cancellationToken), catalog => IsThere(catalog, pool), cancellationToken);

    /// <summary>Replaces a pool.</summary>
    /// <param name="before">The pool as it was read.</param>
    /// <param name="after">What it shall be.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<EditOutcome> ReplaceAsync(Pool before, Pool after, CancellationToken cancellationToken) =>
        CreateAsync(after with { Name = before.Name, Version = before.Version, CreatedAt = before.CreatedAt }, cancellationToken);

    /// <summary>Deletes a pool. Leases of its addresses stay.</summary>
    public Task<EditOutcome> DeleteAsync(Pool pool, CancellationToken cancellationToken) =>
        EditAsync(() => _pools.DeleteAsync(pool, cancellationToken), catalog => IsThere(catalog, pool), cancellationToken);

    /// <summary>Deletes a pool or a reservation that is damaged, whatever it says. Leases of its addresses stay.</summary>
    public Task<EditOutcome> DeleteAsync(DamagedEntry entry, CancellationToken cancellationToken) => entry.IsPool
        ? DeleteAsync(new Pool { Name = entry.Name, Version = entry.Version, Ranges = [] }, cancellationToken)
        : DeleteAsync(new Reservation { Name = entry.Name, Version = entry.Version, Addresses = [] }, cancellationToken);

    /// <summary>Creates a reservation. Leases of its addresses stay.</summary>
    public Task<EditOutcome> CreateAsync(Reservation reservation, CancellationToken cancellationToken) => EditAsync(
        () => _pools.PutAsync(reservation, cancellationToken), catalog => IsThere(catalog, reservation), cancellationToken);

    /// <summary>Deletes a reservation.</summary>
    public Task<EditOutcome> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) => EditAsync(
        () => _pools.DeleteAsync(reservation, cancellationToken), catalog => IsThere(catalog, reservation), cancellationToken);

    private static bool IsThere(PoolCatalog catalog, Pool pool) => catalog.FindPool(pool.Name) is not null || catalog.FindDamagedPool(pool.Name) is not null;

    private static bool IsThere(PoolCatalog catalog, Reservation reservation) =>
        catalog.FindReservation(reservation.Name) is not null || catalog.FindDamagedReservation(reservation.Name) is not null;

    private async Task<EditOutcome> EditAsync(Func<Task<bool>> edit, Func<PoolCatalog, bool> isThere, CancellationToken cancellationToken)
    {
        if (await edit())
            return EditOutcome.Done;
        try
        {
            return isThere(await _pools.ReadAsync(cancellationToken)) ? EditOutcome.IsAnother : EditOutcome.IsGone;
        }
        catch (StoreException)
        {
            // That nothing was written is known, and counts more than why.
            return EditOutcome.IsNotAsRead;
        }
    }
}

/// <summary>What became of a change of a pool or a reservation.</summary>
public enum EditOutcome
{
    /// <summary>It is as asked, durably.</summary>
    Done,

    /// <summary>There is one already, or it was changed since it was read. Nothing was written.</summary>
    IsAnother,

    /// <summary>It was deleted since it was read. Nothing was written.</summary>
    IsGone,

    /// <summary>It isn't as it was read, and the store failed when it was looked at again. Nothing was written.</summary>
    IsNotAsRead,
}
