using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease list</c>.</summary>
internal sealed class LeaseListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressRangeArgument _addresses = new("Only leases of these: an address, a network such as 10.1.0.0/24, or FIRST-LAST. [otherwise: of all]");
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LeaseFilterOptions _filter = new();
    private readonly Option<string> _countBy = new("--count-by") { Description = "Count the leases instead, the most first.", HelpName = string.Join('|', LeaseTally.Kinds) };
    private readonly LimitOption _limit = new();
    private readonly Option<bool> _noHeaders = new("--no-headers") { Description = "Tables and CSV without titles." };
    private readonly OutputOption _output = OutputOption.OfList();

    public LeaseListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the leases, by space and address.")
    {
        _environment = environment;
        _store = store;
        _countBy.CompletionSources.Add([.. LeaseTally.Kinds]);
        _countBy.Validators.Add(static result =>
        {
            var kind = result.Tokens[0].Value;
            if (!LeaseTally.Kinds.Contains(kind))
                result.AddError($"'{kind}' is nothing to count by; known are: {string.Join(", ", LeaseTally.Kinds)}.");
        });
        Add(_addresses);
        Add(_space);
        Add(_pool);
        foreach (var option in _filter.All)
            Add(option);
        Add(_countBy);
        Add(_limit);
        Add(_noHeaders);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease list -n shop",
        "ipamctl lease list 10.1.0.0/24 --older-than 7d",
        "ipamctl lease list --node worker-3 -o wide",
        "ipamctl lease list --count-by namespace --limit 10",
        "ipamctl lease list -o json | jq -r '.[].address'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var now = _environment.Time.GetUtcNow();
        var filter = _filter.Of(arguments, now) with { Space = arguments.GetValue(_space), Range = _addresses.Of(arguments) };
        var kind = arguments.GetValue(_countBy);
        var (name, catalog) = (arguments.GetValue(_pool), PoolCatalog.Empty);
        if (name is not null || kind == LeaseTally.ByPool)
            catalog = await store.Pools.ReadAsync(cancellationToken);
        if (name is not null)
        {
            if (catalog.FindPool(name) is not { } pool)
                return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
            filter = filter with { Space = filter.Space ?? pool.Space, Addresses = PoolAddresses.Of(pool) };
        }
        var search = new LeaseSearch(store);
        if (kind is not null)
            await PrintAsync(arguments, LeaseCount.View(kind), CountAsync(new LeaseTally(kind, catalog.Pools), search.ListAsync(filter, cancellationToken)));
        else
            await PrintAsync(arguments, LeaseView.At(now), search.ListAsync(filter, cancellationToken));
        return _environment.Shown(search.Damaged.Select(static block => block.Why));
    }

    private async Task PrintAsync<T>(ParseResult arguments, View<T> view, IAsyncEnumerable<T> items)
    {
        var writer = ListWriter.Create(_output.Of(arguments), view, _environment.Output, withTitles: !arguments.GetValue(_noHeaders));
        var left = _limit.Of(arguments);
        await foreach (var item in items)
        {
            if (left-- == 0)
            {
                _environment.Note("there are more; --limit lets no more be shown");
                break;
            }
            writer.Add(item);
        }
        writer.Complete();
    }

    private static async IAsyncEnumerable<LeaseCount> CountAsync(LeaseTally tally, IAsyncEnumerable<Lease> leases)
    {
        await foreach (var lease in leases)
            tally.Add(lease);
        foreach (var count in tally.Counts)
            yield return count;
    }
}
