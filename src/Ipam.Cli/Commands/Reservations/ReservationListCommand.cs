using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Reservations;

/// <summary><c>ipamctl reservation list</c>.</summary>
internal sealed class ReservationListCommand(CliEnvironment environment, StoreOptions store) : CatalogListCommand<Reservation, ReservationStatus>(
    environment, store, "Lists the reservations by name, and how many of their addresses are held all the same.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl reservation list", "ipamctl reservation list --space default -o yaml"];

    protected override View<ReservationStatus> ViewAt(DateTimeOffset now) => ReservationView.At(now);

    protected override IEnumerable<Reservation> ItemsOf(PoolCatalog catalog) => catalog.Reservations;

    protected override string SpaceOf(Reservation item) => item.Space;

    protected override async Task<ReservationStatus> StatusAsync(
        Reservation item, PoolCatalog catalog, SpaceSurvey spaces, CancellationToken cancellationToken) =>
        ReservationStatus.Of(item, await spaces.SummariesAsync(item.Space, cancellationToken));
}
