using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;

namespace Ipam.Cli.Commands.Reservations;

/// <summary><c>ipamctl reservation list</c>.</summary>
internal sealed class ReservationListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);

    public ReservationListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the reservations by name, and how many of their addresses are held all the same.")
    {
        _environment = environment;
        _store = store;
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl reservation list", "ipamctl reservation list --space default -o yaml"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var space = arguments.GetValue(_space);
        var writer = ListWriter.Create(_output.Of(arguments), ReservationView.At(_environment.Time.GetUtcNow()), _environment.Output);
        var blocks = new SpaceSummaries(store);
        foreach (var reservation in catalog.Reservations.Where(reservation => space is null || reservation.Space == space))
            writer.Add(ReservationStatus.Of(reservation, await blocks.ReadAsync(reservation.Space, cancellationToken)));
        writer.Complete();
        return ExitCode.Ok;
    }
}
