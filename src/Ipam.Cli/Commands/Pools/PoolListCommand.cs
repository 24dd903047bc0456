using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool list</c>.</summary>
internal sealed class PoolListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);

    public PoolListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the pools by name, and how full they are.")
    {
        _environment = environment;
        _store = store;
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl pool list", "ipamctl pool list -o json | jq -r '.[] | select(.status.free == 0) | .name'"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var space = arguments.GetValue(_space);
        var writer = ListWriter.Create(_output.Of(arguments), PoolView.At(_environment.Time.GetUtcNow()), _environment.Output);
        var blocks = new SpaceSummaries(store);
        foreach (var pool in catalog.Pools.Where(pool => space is null || pool.Space == space))
            writer.Add(PoolStatus.Of(pool, catalog, await blocks.ReadAsync(pool.Space, cancellationToken)));
        writer.Complete();
        return ExitCode.Ok;
    }
}
