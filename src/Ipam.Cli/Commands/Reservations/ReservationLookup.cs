using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Reservations;

/// <summary>Finds a reservation by its name.</summary>
internal static class ReservationLookup
{
    public static Reservation? Find(PoolCatalog catalog, string name) => catalog.Reservations.FirstOrDefault(reservation => reservation.Name == name);

    /// <summary>What to say if there is none.</summary>
    public static string NotFound(IIpamStore store, string name) =>
        $"there is no reservation '{name}' in {store.Description}; 'ipamctl reservation list' shows those that there are.";
}
