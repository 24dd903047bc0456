using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool disable</c> and <c>ipamctl pool enable</c>.</summary>
internal sealed class PoolSwitchCommand : PoolVerb
{
    private readonly bool _disables;

    private PoolSwitchCommand(CliEnvironment environment, StoreOptions store, string verb, string description, bool disables)
        : base(environment, store, verb, description) =>
        _disables = disables;

    public override IReadOnlyList<string> Examples => [$"ipamctl pool {Name} blue"];

    public static PoolSwitchCommand Disable(CliEnvironment environment, StoreOptions store) =>
        new(environment, store, "disable", "Hands out nothing new from a pool. Its leases stay.", disables: true);

    public static PoolSwitchCommand Enable(CliEnvironment environment, StoreOptions store) =>
        new(environment, store, "enable", "Hands out addresses from a pool again.", disables: false);

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        if (pool.IsDisabled == _disables)
            return Environment.Done($"pool {pool.Name} is {PoolText.State(pool)} already");

        var switched = pool with { IsDisabled = _disables };
        var done = PoolText.State(switched);
        var exitCode = await CatalogChange.Of(Environment, pool).MakeAsync(done, new CatalogEditor(store).ReplaceAsync(pool, switched, cancellationToken));
        return exitCode == ExitCode.Ok ? Environment.Done($"{done} pool {pool.Name}") : exitCode;
    }
}
