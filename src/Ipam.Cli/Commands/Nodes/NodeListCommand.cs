using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Nodes;

/// <summary><c>ipamctl node list</c>.</summary>
internal sealed class NodeListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly WaitOption _wait = new();
    private readonly OutputOption _output = OutputOption.OfList();

    public NodeListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the nodes, whether they report, and how many leases and blocks each has.")
    {
        _environment = environment;
        _store = store;
        Add(_wait);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl node list",
        "ipamctl node list --wait",
        "ipamctl node list -o json | jq -r '.[] | select(.state == \"unregistered\") | .name'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var survey = new NodeSurvey(store, _environment.Time);
        var nodes = await survey.ListAsync(_wait.Of(arguments, survey.LeastWait), cancellationToken);
        var writer = ListWriter.Create(_output.Of(arguments), NodeView.Create(), _environment);
        foreach (var node in nodes)
            writer.Add(node);
        writer.Complete();
        return _environment.Shown(survey.Damaged.Select(static block => block.Why));
    }
}
