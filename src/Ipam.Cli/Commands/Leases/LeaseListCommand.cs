using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease list</c>.</summary>
internal sealed class LeaseListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LeaseFilterOptions _filter = new();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);

    public LeaseListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the leases, by space and address.")
    {
        _environment = environment;
        _store = store;
        Add(_space);
        Add(_pool);
        foreach (var option in _filter.All)
            Add(option);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease list --namespace shop",
        "ipamctl lease list --node worker-3 -o wide",
        "ipamctl lease list -o json | jq -r '.[].address'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var filter = _filter.Of(arguments) with { Space = arguments.GetValue(_space) };
        if (arguments.GetValue(_pool) is { } name)
        {
            var catalog = await store.Pools.ReadAsync(cancellationToken);
            if (catalog.FindPool(name) is not { } pool)
                return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
            filter = filter with { Space = filter.Space ?? pool.Space, Addresses = PoolAddresses.Of(pool) };
        }
        var writer = ListWriter.Create(_output.Of(arguments), LeaseView.At(_environment.Time.GetUtcNow()), _environment.Output);
        var search = new LeaseSearch(store);
        await foreach (var lease in search.ListAsync(filter, cancellationToken))
            writer.Add(lease);
        writer.Complete();
        return _environment.Shown(search.Damaged.Select(static block => block.Why));
    }
}
