using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool resize</c>.</summary>
internal sealed class PoolResizeCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly Option<string[]> _ranges = PoolOptions.Ranges("All ranges that the pool shall have, as for 'pool create'. May be repeated; in order of preference.");
    private readonly Confirmation _confirmation;

    public PoolResizeCommand(CliEnvironment environment, StoreOptions store)
        : base("resize", "Gives a pool other ranges, after showing which leases that cuts off. They stay.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "resize");
        _ranges.Required = true;
        Add(_name);
        Add(_ranges);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl pool resize blue --range 10.1.0.0/17 --dry-run",
        "ipamctl pool resize blue --range 10.1.0.0/16 --range 10.2.0.0/24,rangeStart=10.2.0.10 --yes",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        var ranges = new JsonArray([.. arguments.GetRequiredValue(_ranges).Select(RangeText.ToJson)]);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
        var resized = PoolDocument.Read(PoolFieldChange.Apply(pool, [$"ranges={ranges.ToJsonString()}"]), name);
        var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
        var cutOff = PoolEditCommand.CutOff(pool, resized, blocks);
        var usage = new PoolUsageCounter(catalog, blocks).Count(resized);
        _environment.Note($"pool {name}: addresses {Size(pool)} before, {Size(resized)} then, of which {usage.FreeText} are free");
        if (cutOff.Count > 0)
            _environment.Note($"leases that this cuts off, and that stay until they are released: {cutOff.Count} ({cutOff})");
        if (_confirmation.EndsWith(arguments, $"would resize pool {name}, leases cut off: {cutOff.Count}", $"Resize pool {name}?") is { } end)
            return end;
        var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync("resized", new CatalogEditor(store).ReplaceAsync(pool, resized, cancellationToken));
        return exitCode == ExitCode.Ok ? _environment.Done($"resized pool {name}, leases cut off: {cutOff.Count}") : exitCode;
    }

    private static string Size(Pool pool) => PoolAddresses.Of(pool).Size.ToString(CultureInfo.InvariantCulture);
}
