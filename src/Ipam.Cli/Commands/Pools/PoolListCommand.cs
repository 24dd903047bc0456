using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool list</c>.</summary>
internal sealed class PoolListCommand(CliEnvironment environment, StoreOptions store)
    : CatalogListCommand<Pool, PoolStatus>(environment, store, "Lists the pools by name, and how full they are.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl pool list", "ipamctl pool list -o json | jq -r '.[] | select(.status.free == 0) | .name'"];

    protected override View<PoolStatus> ViewAt(DateTimeOffset now) => PoolView.At(now);

    protected override IEnumerable<Pool> ItemsOf(PoolCatalog catalog) => catalog.Pools;

    protected override string SpaceOf(Pool item) => item.Space;

    protected override Task<PoolStatus> StatusAsync(Pool item, PoolCatalog catalog, SpaceSurvey spaces, CancellationToken cancellationToken) =>
        spaces.StatusAsync(item, catalog, cancellationToken);
}
