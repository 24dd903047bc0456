using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool show</c>.</summary>
internal sealed class PoolShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public PoolShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows all of a pool, and the leases in its subnets that lie in no pool's ranges.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl pool show blue", "ipamctl pool show blue -o yaml > blue.yaml"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);

        var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
        var status = PoolStatus.Of(pool, catalog, blocks);
        var search = new LeaseSearch(store);
        var outside = await search.OutsidePoolsAsync(catalog, pool, blocks, cancellationToken);
        var now = _environment.Time.GetUtcNow();
        var format = _output.Of(arguments);
        var writer = ListWriter.Create(format, PoolCard.Of(status, outside, now), _environment.Output);
        writer.Add(status);
        writer.Complete();
        if (format == OutputFormat.Text && outside.Count > 0)
            ShowOutside(outside, now);
        return _environment.Shown([.. blocks.Damaged.Concat(search.Damaged).Select(static block => block.Why)]);
    }

    private void ShowOutside(IReadOnlyList<Lease> outside, DateTimeOffset now)
    {
        _environment.Output.Write("\nLeases in its subnets that lie in no pool's ranges:\n"u8);
        var table = ListWriter.Create(OutputFormat.Table, LeaseView.At(now), _environment.Output);
        foreach (var lease in outside)
            table.Add(lease);
        table.Complete();
    }
}
