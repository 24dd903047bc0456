using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Stores.Blocks;

namespace Ipam.Stores.Pools;

/// <summary>Makes a catalog of what a store has: what can't be read, or makes no sense, is damaged, and doesn't keep the rest from being read.</summary>
/// <param name="store">The store, for messages.</param>
internal sealed class CatalogBuilder(string store)
{
    private readonly List<Pool> _pools = [];
    private readonly List<Reservation> _reservations = [];
    private readonly List<DamagedEntry> _damaged = [];

    /// <summary>Adds a pool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">The store's version of it; 0 if it can't be read.</param>
    /// <param name="read">Reads the rest.</param>
    public void AddPool(string name, long version, Func<Pool> read)
    {
        try
        {
            var pool = read();
            _pools.Add(PoolRules.Check(pool) is { } problem ? throw new InvalidDataException(problem) : pool);
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            AddDamaged(isPool: true, name, version, StoredData.Why(e));
        }
    }

    /// <summary>Adds a reservation; of a damaged one the addresses that can be read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">The store's version of it; 0 if it can't be read.</param>
    /// <param name="document">What it says.</param>
    /// <param name="read">Reads it.</param>
    public void AddReservation(string name, long version, string document, Func<Reservation> read)
    {
        try
        {
            var reservation = read();
            _reservations.Add(ReservationRules.Check(reservation) is { } problem ? throw new InvalidDataException(problem) : reservation);
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            AddDamaged(isPool: false, name, version, StoredData.Why(e));
            if (ReservationJson.Salvage(name, document) is { } rest)
                _reservations.Add(rest with { Version = version });
        }
    }

    /// <summary>Adds what can't be read.</summary>
    public void AddDamaged(bool isPool, string name, long version, string why)
    {
        var kind = isPool ? "pool" : "reservation";
        _damaged.Add(new DamagedEntry(isPool, name, version, $"the {kind} \"{name}\" in {store} is damaged: {why.TrimEnd('.')}; correct it, or delete it and create it anew"));
    }

    /// <summary>The catalog.</summary>
    public PoolCatalog Build(long revision) => new(
        revision,
        [.. _pools.OrderBy(static pool => pool.Name, StringComparer.Ordinal)],
        [.. _reservations.OrderBy(static reservation => reservation.Name, StringComparer.Ordinal)],
        [.. _damaged.OrderBy(static entry => entry.Name, StringComparer.Ordinal)]);
}
