using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Commands.Pools;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease list</c>.</summary>
internal sealed class LeaseListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LeaseFilter _filter = new();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);

    public LeaseListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the leases, by space and address.")
    {
        _environment = environment;
        _store = store;
        Add(_space);
        Add(_pool);
        foreach (var option in _filter.Options)
            Add(option);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease list --namespace shop",
        "ipamctl lease list --node worker-3 -o wide",
        "ipamctl lease list -o json | jq -r '.[].address'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var wanted = _filter.Of(arguments);
        var space = arguments.GetValue(_space);
        if (arguments.GetValue(_pool) is { } name)
        {
            if (PoolLookup.Find(await store.Pools.ReadAsync(cancellationToken), name) is not { } pool)
                return _environment.Fail(PoolLookup.NotFound(store, name), ExitCode.NotFound);
            wanted = Both(wanted, PoolAddresses.Of(pool));
            space ??= pool.Space;
        }
        await ListAsync(store, space, wanted, _output.Of(arguments), cancellationToken);
        return ExitCode.Ok;
    }

    private static Func<Lease, bool> Both(Func<Lease, bool> wanted, AddressMask addresses) =>
        lease => addresses.Contains(lease.Space, lease.Address) && wanted(lease);

    private async Task ListAsync(
        IIpamStore store, string? space, Func<Lease, bool> wanted, OutputFormat format, CancellationToken cancellationToken)
    {
        var writer = ListWriter.Create(format, LeaseView.At(_environment.Time.GetUtcNow()), _environment.Output);
        await foreach (var block in store.ListBlocksAsync(new BlockFilter(space), cancellationToken))
        {
            foreach (var lease in block.Leases)
            {
                if (wanted(lease))
                    writer.Add(lease);
            }
        }
        writer.Complete();
    }
}
