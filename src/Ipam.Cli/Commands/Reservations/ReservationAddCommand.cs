using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Reservations;

/// <summary><c>ipamctl reservation add</c>.</summary>
internal sealed class ReservationAddCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string[]> _addresses = new("ADDRESS")
    {
        Description = "What to reserve: an address, FIRST-LAST or CIDR.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly Option<string> _name = new("--name") { Description = "Its name. [otherwise: its first address]", HelpName = "NAME" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for people.", HelpName = "TEXT" };
    private readonly Option<bool> _onRequest = new("--on-request") { Description = "Who asks for exactly such an address, or for the reservation by its name, gets it." };

    public ReservationAddCommand(CliEnvironment environment, StoreOptions store)
        : base("add", "Reserves addresses: nobody is given them, whatever pool or configuration they are in, or only who asks for them. Leases of them stay.")
    {
        _environment = environment;
        _store = store;
        Add(_addresses);
        Add(_space);
        Add(_name);
        Add(_reason);
        Add(_onRequest);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl reservation add 10.1.0.53 --name dns --reason resolver",
        "ipamctl reservation add 10.1.0.0/28 10.1.9.5-10.1.9.9",
        "ipamctl reservation add 10.1.0.200-10.1.0.209 --name printers --on-request",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var reservation = Read(arguments);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var exitCode = await CatalogChange.Of(_environment, reservation).MakeAsync(
            "added", new CatalogEditor(store).CreateAsync(reservation, cancellationToken), "give this one another name by --name.");
        if (exitCode != ExitCode.Ok)
            return exitCode;

        // Looked at afterwards: what is handed out until the reservation is written is seen too.
        var blocks = await store.ListSummariesAsync(new BlockFilter(reservation.Space), cancellationToken);
        var held = new HeldAddresses(blocks, AddressMask.Of(reservation.Space, reservation.Addresses).HeldOf);
        if (held.Count > 0)
            _environment.Note($"leased already, and left to those who hold them: {held.Count} ({held}).");
        return _environment.Done($"added reservation {reservation.Name} in space {reservation.Space}");
    }

    private Reservation Read(ParseResult arguments)
    {
        var addresses = arguments.GetRequiredValue(_addresses).Select(ReadRange).ToArray();
        var reservation = new Reservation
        {
            Name = arguments.GetValue(_name) ?? ReservationName.Of(addresses[0].First),
            Space = arguments.GetValue(_space) ?? "default",
            Addresses = addresses,
            Reason = arguments.GetValue(_reason) ?? "",
            OnRequest = arguments.GetValue(_onRequest),
        };
        return ReservationRules.Check(reservation) is { } problem ? throw new UsageException(problem) : reservation;
    }

    private static AddressRange ReadRange(string text) => AddressRange.TryParse(text, out var range)
        ? range
        : throw new UsageException($"'{text}' is none of: an address, a range such as 10.1.0.5-10.1.0.9, a prefix such as 10.1.0.0/28");
}
