using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>The two kinds of objects of a catalog.</summary>
internal static class CatalogKinds
{
    /// <summary>Pools.</summary>
    public static CatalogKind<Pool> Pools { get; } = new(
        ApiTypes.Pools,
        "IPPool",
        static (meta, spec) => PoolJson.Read(meta.Name, spec) with { CreatedAt = meta.CreatedAt, Version = SpecVersion.Of(meta) },
        PoolJson.Write);

    /// <summary>Reservations.</summary>
    public static CatalogKind<Reservation> Reservations { get; } = new(
        ApiTypes.Reservations,
        "IPReservation",
        static (meta, spec) => ReservationJson.Read(meta.Name, spec) with { CreatedAt = meta.CreatedAt, Version = SpecVersion.Of(meta) },
        ReservationJson.Write);
}
