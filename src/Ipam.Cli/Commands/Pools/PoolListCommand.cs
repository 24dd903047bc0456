using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Trends;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool list</c>.</summary>
internal sealed class PoolListCommand : CatalogListCommand<Pool, PoolStatus>
{
    private readonly AgeOption _fullWithin = new("--full-within", "Only pools that are exhausted, or will be within this time, such as 7d, if their use goes on as it went.");

    public PoolListCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "Lists the pools by name, how full they are, and when they will be full.") =>
        Add(_fullWithin);

    public override IReadOnlyList<string> Examples => ["ipamctl pool list", "ipamctl pool list --full-within 7d", "ipamctl pool list -o json | jq -r '.[] | select(.status.free == 0) | .name'"];

    protected override View<PoolStatus> ViewAt(DateTimeOffset now) => PoolView.At(now);

    protected override IEnumerable<Pool> ItemsOf(PoolCatalog catalog) => catalog.Pools;

    protected override string SpaceOf(Pool item) => item.Space;

    protected override Task<PoolStatus> StatusAsync(Pool item, PoolCatalog catalog, SpaceSurvey spaces, CancellationToken cancellationToken) =>
        spaces.StatusAsync(item, catalog, cancellationToken);

    protected override bool IsMeant(PoolStatus status, ParseResult arguments) =>
        _fullWithin.Of(arguments) is not { } limit
        || status.Forecast is { Outlook: Outlook.Exhausted } or { Outlook: Outlook.Foreseen } && status.Forecast.Earliest <= limit;
}
