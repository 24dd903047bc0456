using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Stores;

/// <summary><c>ipamctl store show</c>.</summary>
internal sealed class StoreShowCommand(CliEnvironment environment, StoreOptions store) : ShowVerb(
    environment, store, new OutputOption(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml), "show", "Shows which data the store has, and which nodes have yet to assert their leases after a loss.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl store show", "ipamctl store show -o json"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var writer = ListWriter.Create(format, StoreView.Create(), Environment);
        writer.Add(await StoreStanding.ReadAsync(store, cancellationToken));
        writer.Complete();
        return ExitCode.Ok;
    }
}
