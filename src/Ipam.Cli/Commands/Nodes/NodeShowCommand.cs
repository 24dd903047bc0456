using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Nodes;

/// <summary><c>ipamctl node show</c>.</summary>
internal sealed class NodeShowCommand : ShowVerb
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the node." };

    public NodeShowCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, new OutputOption(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml), "show", "Shows all of a node: its entry in the registry, its leases and its blocks.") =>
        Add(_name);

    public override IReadOnlyList<string> Examples => ["ipamctl node show worker-3", "ipamctl node show worker-3 -o yaml"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        var entry = await store.Nodes.FindAsync(name, cancellationToken);
        var holdings = await NodeHoldings.ReadAsync(store, name, cancellationToken);
        if (holdings.IsNothing && entry is null)
            return Environment.Fail(NodeText.NoNode(store, name), ExitCode.NotFound);
        var card = new NodeCard(holdings, entry);
        var writer = ListWriter.Create(format, NodeCard.FullView, Environment);
        writer.Add(card);
        writer.Complete();
        return ExitCode.Ok;
    }
}
