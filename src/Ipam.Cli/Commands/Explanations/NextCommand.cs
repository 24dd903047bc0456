using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Configuration.Explanations;
using Ipam.Configuration.Ranges;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Explanations;

/// <summary><c>ipamctl next</c>.</summary>
internal sealed class NextCommand : PoolVerb
{
    private const int MostNodes = 100;

    private readonly Option<string> _node = new("--node") { Description = "The node. [otherwise: all that are registered, where nodes keep to blocks of their own]", HelpName = "NAME" };
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

    public NextCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "next", "Shows which address of a pool would be handed out next. Nothing is taken.")
    {
        Add(_node);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl next blue", "ipamctl next blue --node worker-3"];

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        var nodes = arguments.GetValue(_node) is { } node ? [node] : await NodesAsync(store, pool, cancellationToken);
        var forecast = await AllocationForecast.ReadAsync(store, pool.Space, nodes[0], Environment.Time, cancellationToken);
        var writer = ListWriter.Create(_output.Of(arguments), NextView.Create(), Environment);
        var any = false;
        foreach (var each in nodes)
        {
            foreach (var next in Of(each, pool, catalog, store, each == nodes[0] ? forecast : forecast.On(each)))
            {
                any |= next.Row.Next is not null;
                writer.Add(next);
            }
        }
        writer.Complete();
        var damaged = Environment.Shown(forecast.Damaged.Select(static block => block.Why));
        return any ? damaged : ExitCode.Found;
    }

    /// <summary>The nodes whose answers differ; an empty name for any node.</summary>
    private static async Task<IReadOnlyList<string>> NodesAsync(IIpamStore store, Pool pool, CancellationToken cancellationToken)
    {
        if ((pool.Policy.Affinity ?? RangeSetResolver.UsualAffinity(store)) == BlockAffinity.None && pool.NodeSelector.IsEmpty)
            return [""];
        var nodes = (await store.Nodes.ListAsync(cancellationToken)).Where(static entry => !entry.HasStopped).Select(static entry => entry.Node).Order(StringComparer.Ordinal).ToList();
        return nodes.Count switch
        {
            0 => throw new UsageException($"which address of pool {pool.Name} comes next depends on the node, and none is registered; name one by --node"),
            > MostNodes => throw new UsageException($"which address of pool {pool.Name} comes next depends on the node, and {nodes.Count} are registered; name one by --node"),
            _ => nodes,
        };
    }

    /// <summary>For each family the range that would be used, or the last one that isn't.</summary>
    private static IEnumerable<NextAddress> Of(string node, Pool pool, PoolCatalog catalog, IIpamStore store, AllocationForecast forecast)
    {
        // Which labels the node has doesn't matter to where the pool goes on.
        var open = pool with { NodeSelector = pool.NodeSelector with { Labels = new Dictionary<string, string>() } };
        var sets = new RangeSetResolver(RangeSetResolver.UsualAffinity(store)).Resolve(
            NetworkFile.OfPool(pool).Parse(), catalog with { Pools = [open] }, new PoolAsker(node, new Dictionary<string, string>()));
        return new RangeRows(sets, forecast, []).All().GroupBy(static row => row.Set)
            .Select(rows => new NextAddress(node, rows.FirstOrDefault(static row => row.IsUsed) ?? rows.Last()));
    }
}
