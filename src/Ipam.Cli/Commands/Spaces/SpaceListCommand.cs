using System.CommandLine;
using System.Numerics;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Spaces;

/// <summary><c>ipamctl space list</c>.</summary>
internal sealed class SpaceListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);

    public SpaceListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the spaces and, per family, how many blocks they have and how many addresses are held.")
    {
        _environment = environment;
        _store = store;
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl space list", "ipamctl space list -o json"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var writer = ListWriter.Create(_output.Of(arguments), SpaceView.Create(), _environment.Output);
        foreach (var usage in await CountAsync(store, cancellationToken))
            writer.Add(usage);
        writer.Complete();
        return ExitCode.Ok;
    }

    private static async Task<List<SpaceUsage>> CountAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        var usages = new List<SpaceUsage>();
        // Blocks come by space and family, so the last entry is the one to add to, or a new one begins.
        await foreach (var block in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            if (usages is not [.., var last] || last.Space != block.Id.Space || last.Family != block.Id.Family)
                usages.Add(last = new SpaceUsage(block.Id.Space, block.Id.Family, 0, 0));
            usages[^1] = last with { Blocks = last.Blocks + 1, Held = last.Held + BitOperations.PopCount(block.Held) };
        }
        return usages;
    }
}
