using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Maps;

/// <summary><c>ipamctl pool map</c>.</summary>
internal sealed class PoolMapCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Table, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Yaml, OutputFormat.Csv);

    public PoolMapCommand(CliEnvironment environment, StoreOptions store)
        : base("map", "Draws the subnets of a pool: which addresses are free, held, cooling down or reserved.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl pool map blue", "ipamctl pool map blue -o json | jq '.[] | select(.state == \"free\")'"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
        // Several ranges may be parts of one subnet.
        var subnets = pool.Ranges.Select(static range => new AddressRange(range.Subnet.First, range.Subnet.Last)).Distinct().ToList();
        var map = await AddressMap.ReadAsync(store, pool.Space, subnets, [pool], catalog, _environment.Time.GetUtcNow(), cancellationToken);
        return new MapPrinter(_environment).Print(map, _output.Of(arguments));
    }
}
