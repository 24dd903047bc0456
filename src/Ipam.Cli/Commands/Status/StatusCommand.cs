using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Status;

/// <summary><c>ipamctl status</c>.</summary>
internal sealed class StatusCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public StatusCommand(CliEnvironment environment, StoreOptions store)
        : base("status", "Shows in one screen what the store has, who works on it, and what is wrong.")
    {
        _environment = environment;
        _store = store;
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl status", "ipamctl status -o json | jq -r '.[0].problems[]'"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var overview = await StoreOverview.ReadAsync(store, cancellationToken);
        var writer = ListWriter.Create(_output.Of(arguments), StatusView.Of(overview), _environment.Output);
        writer.Add(overview);
        writer.Complete();
        return overview.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Found;
    }
}
