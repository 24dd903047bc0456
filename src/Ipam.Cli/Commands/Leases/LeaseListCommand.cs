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
    private const string Cooling = "cooling";
    private const string OutsidePools = "outside-pools";
    private const string Static = "static";
    private const string Conflict = "conflict";
    private const string Kept = "kept";
    private const string Leaked = "leaked";
    private static readonly string[] States = ["held", Cooling, OutsidePools, Static, Conflict, Kept, Leaked];

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressRangeArgument _addresses = new("Only leases of these: an address, a network such as 10.1.0.0/24, or FIRST-LAST. [otherwise: of all]");
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LeaseFilterOptions _filter = new();
    private readonly Option<string> _countBy = new("--count-by") { Description = "Count the leases instead, the most first.", HelpName = string.Join('|', LeaseTally.Kinds) };
    private readonly Option<string> _state = new("--state")
    {
        Description = "Only what is so: addresses that are held; that are cooling down, which nobody holds; leases in the subnet of a pool and in no pool's ranges; static leases; addresses that somebody on the wire answered for, which nobody gets for a while; that are kept for sticky owners without a container; or leases whose owner is gone, as 'check' finds them. [otherwise: held]",
        HelpName = string.Join('|', States),
    };

    private readonly LeakedLeases _leaked;
    private readonly LeaseOrder _order = new();
    private readonly LeaseCursor _after = new();
    private readonly LimitOption _limit = new();
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Go on, and print what is held or released from then on, until it is interrupted." };
    private readonly Option<bool> _noHeaders = new("--no-headers") { Description = "Tables and CSV without titles." };
    private readonly OutputOption _output = OutputOption.OfList();

    public LeaseListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the leases, by space and address.")
    {
        _environment = environment;
        _store = store;
        _leaked = new LeakedLeases(environment);
        _countBy.CompletionSources.Add([.. LeaseTally.Kinds]);
        _countBy.Validators.Add(static result =>
        {
            var kind = result.Tokens[0].Value;
            if (!LeaseTally.Kinds.Contains(kind))
                result.AddError($"'{kind}' is nothing to count by; known are: {string.Join(", ", LeaseTally.Kinds)}.");
        });
        _state.CompletionSources.Add(States);
        _state.Validators.Add(static result =>
        {
            var state = result.Tokens[0].Value;
            if (!States.Contains(state, StringComparer.Ordinal))
                result.AddError($"'{state}' is no state; known are: {string.Join(", ", States)}.");
        });
        Validators.Add(result =>
        {
            var isOfAddresses = result.GetValue(_state) == Cooling;
            foreach (var option in isOfAddresses ? _filter.All.Concat(_order.All).Append(_countBy).Append(_after).Where(option => result.GetResult(option) is not null) : [])
                result.AddError($"{option.Name} is about leases, and addresses that cool down have none.");
            if (result.GetResult(_leaked.GoneAfter) is not null && result.GetValue(_state) != Leaked)
                result.AddError($"{_leaked.GoneAfter.Name} is for --state leaked.");
            foreach (var option in result.GetValue(_watch) ? (Option[])[_state, _countBy, _order.All[0], _after, _limit] : [])
            {
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} is for lists that end, and --watch doesn't.");
            }
            if (result.GetValue(_watch) && result.GetValue(_output) is "json" or "yaml" or "name")
                result.AddError($"--watch doesn't end, so it has no format '{result.GetValue(_output)}'; use jsonl, csv or a table.");
            if (result.GetResult(_after) is not null && result.GetResult(_order.All[0]) is not null)
                result.AddError("--after goes on in the order of addresses; leave out --sort.");
        });
        Add(_addresses);
        Add(_space);
        Add(_pool);
        foreach (var option in _filter.All)
            Add(option);
        Add(_state);
        Add(_leaked.GoneAfter);
        Add(_countBy);
        foreach (var option in _order.All)
            Add(option);
        Add(_after);
        Add(_limit);
        Add(_watch);
        Add(_noHeaders);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease list -n shop",
        "ipamctl lease list 10.1.0.0/24 --older-than 7d",
        "ipamctl lease list --node worker-3 -o wide",
        "ipamctl lease list --state outside-pools",
        "ipamctl lease list --state conflict",
        "ipamctl lease list --state kept --older-than 7d",
        "ipamctl lease list --state leaked --node-gone-after 86400",
        "ipamctl lease list -n shop --watch -o jsonl",
        "ipamctl lease list --sort acquired --columns acquired,address,pod --limit 20",
        "ipamctl lease list --count-by namespace --limit 10",
        "ipamctl lease list -o json | jq -r '.[].address'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var now = _environment.Time.GetUtcNow();
        var state = arguments.GetValue(_state);
        var filter = _filter.Of(arguments, now) with { Space = arguments.GetValue(_space), Range = _addresses.Of(arguments), IsStatic = state == Static, IsConflict = state == Conflict, IsKept = state == Kept };
        var kind = arguments.GetValue(_countBy);
        var (name, catalog) = (arguments.GetValue(_pool), PoolCatalog.Empty);
        if (name is not null || kind == LeaseTally.ByPool || state == OutsidePools)
            catalog = await store.Pools.ReadAsync(cancellationToken);
        if (name is not null)
        {
            if (catalog.FindPool(name) is not { } pool)
                return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
            filter = state == OutsidePools ? filter.In(pool) with { Addresses = PoolAddresses.OfSubnets(pool) } : filter.In(pool);
        }
        if (arguments.GetValue(_watch))
        {
            // A table of a terminal knows all its rows.
            var view = LeaseEvent.Of(_order.Choose(arguments, LeaseView.Lasting));
            await new LeaseWatch(_environment, store, filter).RunAsync(ListWriter.Create(_output.Of(arguments), view, _environment with { Screen = null }, withTitles: !arguments.GetValue(_noHeaders)), cancellationToken);
        }
        var search = new LeaseSearch(store);
        var leases = state switch
        {
            OutsidePools => WhereAsync(search.OutsidePoolsAsync(catalog, filter.Space, cancellationToken), filter.Matches),
            Leaked => (await _leaked.FindAsync(arguments, store, cancellationToken)).Where(filter.Matches).ToAsyncEnumerable(),
            _ => search.ListAsync(filter, cancellationToken),
        };
        leases = _order.ApplyAsync(arguments, _after.SkipAsync(arguments, leases));
        var any = state == Cooling
            ? await PrintAsync(arguments, CoolingView.At(now), WhereAsync(search.CoolingAsync(filter.Space, now, cancellationToken), cooling => Matches(filter, cooling)), null)
            : kind is not null
                ? await PrintAsync(arguments, LeaseCountView.Of(kind), CountAsync(new LeaseTally(kind, catalog.Pools), leases), null)
                : await PrintAsync(arguments, _order.Choose(arguments, LeaseView.At(now)), leases, _order.Sorts(arguments) ? null : LeaseCursor.Of);
        if (!any && (filter.Space ?? filter.Node ?? filter.Network) is not null)
        {
            var all = catalog == PoolCatalog.Empty ? await store.Pools.ReadAsync(cancellationToken) : catalog;
            if (await new UnknownNames(store).FindAsync(filter, all, cancellationToken) is { } unknown)
                return _environment.Fail(unknown, ExitCode.NotFound);
        }
        var exitCode = _environment.Shown(search.Damaged.Concat(_leaked.Damaged).Select(static block => block.Why));
        return exitCode == ExitCode.Ok && _leaked.IsIncomplete ? ExitCode.Implausible : exitCode;
    }

    private static bool Matches(LeaseFilter filter, CoolingDown cooling) =>
        (filter.Range?.Contains(cooling.Address) ?? true) && (filter.Addresses?.Contains(cooling.Block.Space, cooling.Address) ?? true);

    /// <summary>Prints them, and returns whether there was any.</summary>
    private async Task<bool> PrintAsync<T>(ParseResult arguments, View<T> view, IAsyncEnumerable<T> items, Func<T, string>? cursorOf)
    {
        var writer = ListWriter.Create(_output.Of(arguments), view, _environment, withTitles: !arguments.GetValue(_noHeaders));
        var (left, last, any) = (_limit.Of(arguments), default(T), false);
        await foreach (var item in items)
        {
            if (left-- == 0)
            {
                _environment.Note(cursorOf is null ? "there are more; --limit lets no more be shown" : $"there are more; '--after {cursorOf(last!)}' goes on");
                break;
            }
            writer.Add(item);
            (last, any) = (item, true);
        }
        writer.Complete();
        return any;
    }

    private static async IAsyncEnumerable<T> WhereAsync<T>(IAsyncEnumerable<T> items, Func<T, bool> isWanted)
    {
        await foreach (var item in items)
        {
            if (isWanted(item))
                yield return item;
        }
    }

    private static async IAsyncEnumerable<LeaseCount> CountAsync(LeaseTally tally, IAsyncEnumerable<Lease> leases)
    {
        await foreach (var lease in leases)
            tally.Add(lease);
        foreach (var count in tally.Counts)
            yield return count;
    }
}
