using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool drain</c>.</summary>
internal sealed class PoolDrainCommand : Verb
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly SecondsOption _wait = new("--wait", 0, 1, 86_400, "Wait until no lease lies in its ranges, for so long at most.");

    public PoolDrainCommand(CliEnvironment environment, StoreOptions store)
        : base("drain", "Hands out nothing new from a pool, and says which of its leases are left, or waits for them.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_wait);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl pool drain blue", "ipamctl pool drain blue --wait 3600"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
        if (!pool.IsDisabled)
        {
            var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync("disabled", new CatalogEditor(store).ReplaceAsync(pool, pool with { IsDisabled = true }, cancellationToken));
            if (exitCode != ExitCode.Ok)
                return exitCode;
        }
        return await WaitAsync(store, pool, _wait.Of(arguments), cancellationToken);
    }

    private async Task<int> WaitAsync(IIpamStore store, Pool pool, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(_environment);
        for (var start = _environment.Time.GetTimestamp(); ;)
        {
            var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
            var held = new HeldAddresses(blocks, PoolAddresses.Of(pool).HeldOf);
            if (held.Count == 0)
                return _environment.Done($"pool {pool.Name} is drained: it is disabled, and no lease lies in its ranges") is var done && blocks.Damaged.Count > 0
                    ? _environment.Shown(blocks.Damaged.Select(static block => block.Why)) : done;
            if (_environment.Time.GetElapsedTime(start) >= patience)
            {
                var left = $"pool {pool.Name} is disabled; leases in its ranges: {held.Count} ({held})";
                return patience == TimeSpan.Zero ? _environment.Done(left) : _environment.Fail($"{left}. Run it again: it goes on.", ExitCode.Failure);
            }
            progress.Show(() => $"leases left: {held.Count}");
            await Task.Delay(Between, _environment.Time, cancellationToken);
        }
    }
}
