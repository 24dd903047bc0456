using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool show</c>.</summary>
internal sealed class PoolShowCommand : PoolVerb
{
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public PoolShowCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "show", "Shows all of a pool, and the leases in its subnets that lie in no pool's ranges.") =>
        Add(_output);

    public override IReadOnlyList<string> Examples => ["ipamctl pool show blue", "ipamctl pool show blue -o yaml > blue.yaml"];

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
        var status = PoolStatus.Of(pool, catalog, blocks);
        status = status with { Forecast = await new PoolForecasts(store, Environment.Time).OfAsync(status.Usage, cancellationToken) };
        var search = new LeaseSearch(store);
        var outside = await search.OutsidePoolsAsync(catalog, pool, blocks, cancellationToken);
        var now = Environment.Time.GetUtcNow();
        var format = _output.Of(arguments);
        var writer = ListWriter.Create(format, PoolCard.Of(status, await QuotaUse.OfAsync(store, pool, cancellationToken), outside, now), Environment);
        writer.Add(status);
        writer.Complete();
        if (format == OutputFormat.Text && outside.Count > 0)
            ShowOutside(outside, now);
        return Environment.Shown([.. blocks.Damaged.Concat(search.Damaged).Select(static block => block.Why)]);
    }

    private void ShowOutside(IReadOnlyList<Lease> outside, DateTimeOffset now)
    {
        Environment.Output.Write("\nLeases in its subnets that lie in no pool's ranges:\n"u8);
        var table = ListWriter.Create(OutputFormat.Table, LeaseView.At(now), Environment);
        foreach (var lease in outside)
            table.Add(lease);
        table.Complete();
    }
}
