using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Maps;

/// <summary><c>ipamctl pool map</c>.</summary>
internal sealed class PoolMapCommand : PoolVerb
{
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Table, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Yaml, OutputFormat.Csv);

    public PoolMapCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "map", "Draws the subnets of a pool: which addresses are free, held, cooling down or reserved.") =>
        Add(_output);

    public override IReadOnlyList<string> Examples => ["ipamctl pool map blue", "ipamctl pool map blue -o json | jq '.[] | select(.state == \"free\")'"];

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        // Several ranges may be parts of one subnet.
        var subnets = pool.Ranges.Select(static range => new AddressRange(range.Subnet.First, range.Subnet.Last)).Distinct().ToList();
        var map = await AddressMap.ReadAsync(store, pool.Space, subnets, [pool], catalog, Environment.Time.GetUtcNow(), cancellationToken);
        return new MapPrinter(Environment).Print(map, _output.Of(arguments));
    }
}
