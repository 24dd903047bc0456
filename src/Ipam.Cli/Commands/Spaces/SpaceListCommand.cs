using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Spaces;

/// <summary><c>ipamctl space list</c>.</summary>
internal sealed class SpaceListCommand(CliEnvironment environment, StoreOptions store) : ShowVerb(
    environment, store, OutputOption.OfList(hasWide: false), "list", "Lists the spaces and, per family, how many blocks they have and how many addresses are held.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl space list", "ipamctl space list -o json"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var writer = ListWriter.Create(format, SpaceView.Create(), Environment);
        var survey = new SpaceSurvey(store, Environment.Time);
        foreach (var usage in await survey.CountAsync(cancellationToken))
            writer.Add(usage);
        writer.Complete();
        return Environment.Shown(survey.Damaged.Select(static block => block.Why));
    }
}
