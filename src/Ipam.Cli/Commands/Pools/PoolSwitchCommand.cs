using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool disable</c> and <c>ipamctl pool enable</c>.</summary>
internal sealed class PoolSwitchCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly bool _disables;

    private PoolSwitchCommand(CliEnvironment environment, StoreOptions store, string verb, string description, bool disables)
        : base(verb, description)
    {
        _environment = environment;
        _store = store;
        _disables = disables;
        Add(_name);
    }

    public override IReadOnlyList<string> Examples => [$"ipamctl pool {Name} blue"];

    public static PoolSwitchCommand Disable(CliEnvironment environment, StoreOptions store) =>
        new(environment, store, "disable", "Hands out nothing new from a pool. Its leases stay.", disables: true);

    public static PoolSwitchCommand Enable(CliEnvironment environment, StoreOptions store) =>
        new(environment, store, "enable", "Hands out addresses from a pool again.", disables: false);

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
        if (pool.IsDisabled == _disables)
            return _environment.Done($"pool {name} is {PoolText.State(pool)} already");

        var switched = pool with { IsDisabled = _disables };
        var done = PoolText.State(switched);
        var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync(done, new CatalogEditor(store).ReplaceAsync(pool, switched, cancellationToken));
        return exitCode == ExitCode.Ok ? _environment.Done($"{done} pool {name}") : exitCode;
    }
}
