using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Nodes;

/// <summary><c>ipamctl node show</c>.</summary>
internal sealed class NodeShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the node." };
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public NodeShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows all of a node: its entry in the registry, its leases and its blocks.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl node show worker-3", "ipamctl node show worker-3 -o yaml"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var entry = await store.Nodes.FindAsync(name, cancellationToken);
        var holdings = await NodeHoldings.ReadAsync(store, name, cancellationToken);
        if (holdings.IsNothing && entry is null)
            return _environment.Fail(NodeText.NoNode(store, name), ExitCode.NotFound);
        var card = new NodeCard(holdings, entry);
        var writer = ListWriter.Create(_output.Of(arguments), NodeCard.FullView, _environment.Output);
        writer.Add(card);
        writer.Complete();
        return ExitCode.Ok;
    }
}
