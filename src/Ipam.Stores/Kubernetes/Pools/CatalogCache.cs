using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>Pools and reservations as last heard of, and a number that counts their changes. May be used from several threads at once.</summary>
internal sealed class CatalogCache
{
    private readonly Lock _gate = new();
    private readonly CatalogPart<Pool> _pools = new(CatalogKinds.Pools);
    private readonly CatalogPart<Reservation> _reservations = new(CatalogKinds.Reservations);
    private long _revision = 1;

    /// <summary>The number of the state that is known now.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>All of it.</summary>
    public PoolCatalog Read()
    {
        lock (_gate)
        {
            var catalog = new CatalogBuilder("the Kubernetes API");
            foreach (var entry in _pools.Entries)
                catalog.AddPool(entry.Meta.Name, SpecVersion.Of(entry.Meta), () => _pools.ValueOf(entry));
            foreach (var entry in _reservations.Entries)
                catalog.AddReservation(entry.Meta.Name, SpecVersion.Of(entry.Meta), entry.Document, () => _reservations.ValueOf(entry));
            return catalog.Build(_revision);
        }
    }

    /// <summary>The metadata of the pools' objects; all of them but for objects that were just written.</summary>
    public IReadOnlyList<(ObjectMeta Meta, JsonElement? All)> PoolObjects()
    {
        lock (_gate)
            return [.. _pools.Entries.Select(static entry => (entry.Meta, entry.Metadata))];
    }

    /// <summary>Lets <paramref name="take"/> bring news of pools, and counts them.</summary>
    public void TakePools(Func<CatalogPart<Pool>, bool> take) => Take(_pools, take);

    /// <summary>Lets <paramref name="take"/> bring news of reservations, and counts them.</summary>
    public void TakeReservations(Func<CatalogPart<Reservation>, bool> take) => Take(_reservations, take);

    private void Take<TPart>(TPart part, Func<TPart, bool> take)
    {
        lock (_gate)
        {
            if (take(part))
                _revision++;
        }
    }
}
