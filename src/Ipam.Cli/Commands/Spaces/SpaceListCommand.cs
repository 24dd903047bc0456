using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Spaces;

/// <summary><c>ipamctl space list</c>.</summary>
internal sealed class SpaceListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

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
        var survey = new SpaceSurvey(store);
        foreach (var usage in await survey.CountAsync(cancellationToken))
            writer.Add(usage);
        writer.Complete();
        return _environment.Shown(survey.Damaged.Select(static block => block.Why));
    }
}
