using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Reservations;

/// <summary><c>ipamctl reservation delete</c>.</summary>
internal sealed class ReservationDeleteCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("reservation");
    private readonly Confirmation _confirmation;

    public ReservationDeleteCommand(CliEnvironment environment, StoreOptions store)
        : base("delete", "Deletes a reservation, after asking. If it changes meanwhile, it stays.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "delete");
        Add(_name);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl reservation delete dns --dry-run", "ipamctl reservation delete dns --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindDamagedReservation(name) is { } damaged)
            return await new DamagedDeletion(_environment, _confirmation).RunAsync(arguments, store, damaged, cancellationToken);
        if (catalog.FindReservation(name) is not { } reservation)
            return _environment.Fail(CatalogText.NoReservation(store, catalog, name), ExitCode.NotFound);

        var blocks = await store.ListSummariesAsync(new BlockFilter(reservation.Space), cancellationToken);
        _confirmation.Show(ReservationView.At(_environment.Time.GetUtcNow()), ReservationStatus.Of(reservation, blocks));
        var question = $"Its addresses will be handed out wherever a range has them. Delete reservation '{name}'?";
        if (_confirmation.EndsWith(arguments, $"would delete reservation {name}", question) is { } end)
            return end;

        var exitCode = await CatalogChange.Of(_environment, reservation).MakeAsync(
            "deleted", new CatalogEditor(store).DeleteAsync(reservation, cancellationToken));
        return exitCode == ExitCode.Ok ? _environment.Done($"deleted reservation {name}") : exitCode;
    }
}
