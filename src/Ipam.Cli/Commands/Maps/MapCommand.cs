using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Maps;

/// <summary><c>ipamctl map</c>.</summary>
internal sealed class MapCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _addresses = new("ADDRESSES") { Description = "A network such as 10.1.0.0/24, FIRST-LAST, or an address." };
    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Table, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Yaml, OutputFormat.Csv);

    public MapCommand(CliEnvironment environment, StoreOptions store)
        : base("map", "Draws addresses, with the pools that there are: which are free, held, cooling down or reserved.")
    {
        _environment = environment;
        _store = store;
        _addresses.Validators.Add(static result =>
        {
            if (!AddressRange.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"'{result.Tokens[0].Value}' names no addresses; wanted is a network such as 10.1.0.0/24, or FIRST-LAST. ('ipamctl pool map' takes the name of a pool.)");
        });
        Add(_addresses);
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl map 10.1.0.0/24", "ipamctl map 10.1.0.0/16 --space blue -o json"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var text = arguments.GetRequiredValue(_addresses);
        if (!AddressRange.TryParse(text, out var addresses))
            throw new UsageException($"'{text}' names no addresses");
        var space = arguments.GetValue(_space) ?? SpaceOption.Default;
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var map = await AddressMap.ReadAsync(store, space, [addresses], catalog.Pools, catalog, _environment.Time.GetUtcNow(), cancellationToken);
        return new MapPrinter(_environment).Print(map, _output.Of(arguments));
    }
}
