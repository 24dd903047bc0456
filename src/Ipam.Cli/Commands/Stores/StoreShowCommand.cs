using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Stores;

/// <summary><c>ipamctl store show</c>.</summary>
internal sealed class StoreShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public StoreShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows which data the store has, and which nodes have yet to assert their leases after a loss.")
    {
        _environment = environment;
        _store = store;
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl store show", "ipamctl store show -o json"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var writer = ListWriter.Create(_output.Of(arguments), StoreView.Create(), _environment.Output);
        writer.Add(await StoreStanding.ReadAsync(store, cancellationToken));
        writer.Complete();
        return ExitCode.Ok;
    }
}
