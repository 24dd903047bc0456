using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Status;

/// <summary><c>ipamctl status</c>.</summary>
internal sealed class StatusCommand(CliEnvironment environment, StoreOptions store) : ShowVerb(
    environment, store, new OutputOption(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml), "status", "Shows in one screen what the store has, who works on it, and what is wrong.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl status", "ipamctl status -o json | jq -r '.[0].problems[]'"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var overview = await StoreOverview.ReadAsync(store, cancellationToken);
        var writer = ListWriter.Create(format, StatusView.Of(overview), Environment);
        writer.Add(overview);
        writer.Complete();
        return overview.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Found;
    }
}
