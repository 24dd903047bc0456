using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool drain</c>.</summary>
internal sealed class PoolDrainCommand : PoolVerb
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly SecondsOption _wait = new("--wait", 0, 1, 86_400, "Wait until no lease lies in its ranges, for so long at most.");

    public PoolDrainCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "drain", "Hands out nothing new from a pool, and says which of its leases are left, or waits for them.") =>
        Add(_wait);

    public override IReadOnlyList<string> Examples => ["ipamctl pool drain blue", "ipamctl pool drain blue --wait 3600"];

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        if (!pool.IsDisabled)
        {
            var exitCode = await CatalogChange.Of(Environment, pool).MakeAsync("disabled", new CatalogEditor(store).ReplaceAsync(pool, pool with { IsDisabled = true }, cancellationToken));
            if (exitCode != ExitCode.Ok)
                return exitCode;
        }
        return await WaitAsync(store, pool, _wait.Of(arguments), cancellationToken);
    }

    private async Task<int> WaitAsync(IIpamStore store, Pool pool, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(Environment);
        for (var start = Environment.Time.GetTimestamp(); ;)
        {
            var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
            var held = new HeldAddresses(blocks, PoolAddresses.Of(pool).HeldOf);
            if (held.Count == 0)
                return Environment.Done($"pool {pool.Name} is drained: it is disabled, and no lease lies in its ranges") is var done && blocks.Damaged.Count > 0
                    ? Environment.Shown(blocks.Damaged.Select(static block => block.Why)) : done;
            if (Environment.Time.GetElapsedTime(start) >= patience)
            {
                var left = $"pool {pool.Name} is disabled; leases in its ranges: {held.Count} ({held})";
                return patience == TimeSpan.Zero ? Environment.Done(left) : Environment.Fail($"{left}. Run it again: it goes on.", ExitCode.Failure);
            }
            progress.Show(() => $"leases left: {held.Count}");
            await Task.Delay(Between, Environment.Time, cancellationToken);
        }
    }
}
