using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease list</c>.</summary>
internal sealed class LeaseListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly LeaseFilter _filter = new();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);

    public LeaseListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the leases, by space and address.")
    {
        _environment = environment;
        _store = store;
        Add(_space);
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
        var writer = ListWriter.Create(_output.Of(arguments), LeaseView.At(_environment.Time.GetUtcNow()), _environment.Output);
        await foreach (var block in store.ListBlocksAsync(new BlockFilter(arguments.GetValue(_space)), cancellationToken))
        {
            foreach (var lease in block.Leases)
            {
                if (wanted(lease))
                    writer.Add(lease);
            }
        }
        writer.Complete();
        return ExitCode.Ok;
    }
}
