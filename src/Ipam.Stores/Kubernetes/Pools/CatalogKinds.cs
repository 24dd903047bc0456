using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>The two kinds of objects of a catalog.</summary>
internal static class CatalogKinds
{
    /// <summary>Pools.</summary>
    public static CatalogKind<Pool> Pools { get; } = new(
        "ippools",
        "IPPool",
        PoolJson.Read,
        PoolJson.Write,
        static (pool, meta) => pool with { CreatedAt = meta.CreatedAt, Version = SpecVersion.Of(meta), IsBeingDeleted = meta.IsBeingDeleted });

    /// <summary>Reservations.</summary>
    public static CatalogKind<Reservation> Reservations { get; } = new(
        "ipreservations",
        "IPReservation",
        ReservationJson.Read,
        ReservationJson.Write,
        static (reservation, meta) => reservation with { CreatedAt = meta.CreatedAt, Version = SpecVersion.Of(meta) });
}
