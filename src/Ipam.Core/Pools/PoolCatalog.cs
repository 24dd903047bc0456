namespace Ipam.Core.Pools;

/// <summary>All pools and reservations of a store.</summary>
/// <param name="Revision">The store's revision of them; another one after every change.</param>
/// <param name="Pools">The pools, in ordinal order of their names.</param>
/// <param name="Reservations">The reservations, in ordinal order of their names.</param>
public sealed record PoolCatalog(long Revision, IReadOnlyList<Pool> Pools, IReadOnlyList<Reservation> Reservations)
{
    /// <summary>No pool and no reservation.</summary>
    public static PoolCatalog Empty { get; } = new(0, [], []);

    /// <summary>The pool of this name; null if there is none.</summary>
    public Pool? FindPool(string name) => Pools.FirstOrDefault(pool => pool.Name == name);

    /// <summary>The reservation of this name; null if there is none.</summary>
    public Reservation? FindReservation(string name) => Reservations.FirstOrDefault(reservation => reservation.Name == name);
}
