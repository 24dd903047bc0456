namespace Ipam.Core.Pools;

/// <summary>All pools and reservations of a store.</summary>
/// <param name="Revision">The store's revision of them; another one after every change.</param>
/// <param name="Pools">The pools, in ordinal order of their names.</param>
/// <param name="Reservations">
/// The reservations, in ordinal order of their names. Of a damaged one, which is among <paramref name="Damaged"/> too, the addresses that can be read.
/// </param>
/// <param name="Damaged">The pools and reservations that can't be read.</param>
public sealed record PoolCatalog(
    long Revision, IReadOnlyList<Pool> Pools, IReadOnlyList<Reservation> Reservations, IReadOnlyList<DamagedEntry> Damaged)
{
    /// <summary>Pools and reservations that are all whole.</summary>
    public PoolCatalog(long revision, IReadOnlyList<Pool> pools, IReadOnlyList<Reservation> reservations) : this(revision, pools, reservations, [])
    {
    }

    /// <summary>No pool and no reservation.</summary>
    public static PoolCatalog Empty { get; } = new(0, [], []);

    /// <summary>The pool of this name; null if there is none.</summary>
    public Pool? FindPool(string name) => Pools.FirstOrDefault(pool => pool.Name == name);

    /// <summary>The damaged pool of this name; null if there is none.</summary>
    public DamagedEntry? FindDamagedPool(string name) => Damaged.FirstOrDefault(entry => entry.IsPool && entry.Name == name);

    /// <summary>The damaged reservation of this name; null if there is none.</summary>
    public DamagedEntry? FindDamagedReservation(string name) => Damaged.FirstOrDefault(entry => !entry.IsPool && entry.Name == name);

    /// <summary>The reservation of this name; null if there is none.</summary>
    public Reservation? FindReservation(string name) => Reservations.FirstOrDefault(reservation => reservation.Name == name);
}

/// <summary>A pool or a reservation that the store has and that can't be read.</summary>
/// <param name="IsPool">Whether it is a pool; a reservation if not.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">The store's version of it; 0 if that can't be read either.</param>
/// <param name="Why">A sentence: where it is kept, what is wrong with it, and how to mend it.</param>
public sealed record DamagedEntry(bool IsPool, string Name, long Version, string Why);
