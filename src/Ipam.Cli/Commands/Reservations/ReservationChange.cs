using Ipam.Cli.Commands.Catalog;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Reservations;

/// <summary>Writes reservations, and says how it went.</summary>
internal sealed class ReservationChange(CliEnvironment environment, IIpamStore store)
{
    /// <summary>Adds a reservation.</summary>
    public Task<int> AddAsync(Reservation reservation, CancellationToken cancellationToken) => Of(reservation).MakeAsync(
        "added", () => store.Pools.PutAsync(reservation, cancellationToken), "give this one another name by --name.", cancellationToken);

    /// <summary>Deletes a reservation, if it still is as it was read.</summary>
    public Task<int> DeleteAsync(Reservation reservation, CancellationToken cancellationToken) =>
        Of(reservation).MakeAsync("deleted", () => store.Pools.DeleteAsync(reservation, cancellationToken), existing: null, cancellationToken);

    private CatalogChange Of(Reservation reservation) => new()
    {
        Environment = environment,
        Store = store,
        What = $"reservation '{reservation.Name}'",
        Look = "ipamctl reservation list",
        IsThere = catalog => ReservationLookup.Find(catalog, reservation.Name) is not null,
    };
}
