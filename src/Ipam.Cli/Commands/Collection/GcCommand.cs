using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.GarbageCollection;

namespace Ipam.Cli.Commands.Collection;

/// <summary><c>ipamctl gc</c>.</summary>
internal sealed class GcCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly SecondsOption _grace = new("--grace", 600, 1, 86_400, "Release what was gone for so many seconds.");
    private readonly NodeGoneAfterOption _goneAfter = new();
    private readonly Option<string> _node = new("--node") { Description = "Only leases of this node. [otherwise: of all]", HelpName = "NAME" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what seems to be leaked. Doesn't wait out the grace period." };
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);

    public GcCommand(CliEnvironment environment, StoreOptions store)
        : base("gc", "Releases the leases of nodes that nobody answers for: no ipamd reports, and the cluster doesn't have them any more. Waits out the grace period.")
    {
        _environment = environment;
        _store = store;
        Add(_grace);
        Add(_goneAfter);
        Add(_node);
        Add(_dryRun);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl gc --dry-run", "ipamctl gc --grace 900 -o json", "ipamctl gc --node worker-9 --node-gone-after 86400"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var grace = _grace.Of(arguments);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (!_goneAfter.IsTold(arguments, store))
        {
            return _environment.Fail(
                "nothing here can tell that a node is gone: the store belongs to no cluster. Give --node-gone-after, or name the node: 'ipamctl node forget NAME'.", ExitCode.Usage);
        }
        await using var turn = new CollectionTurn(store.Leaders, _environment);
        if (await turn.WhoHasItAsync(cancellationToken) is { } holder)
            return _environment.Fail($"another collection is under way: {holder}. It does the same; wait for its end.", ExitCode.Locked);
        var options = new CollectorOptions
        {
            By = _environment.User(),
            Grace = grace,
            NodeGoneAfter = _goneAfter.OrNever(arguments),
            Node = arguments.GetValue(_node),
        };
        var collector = new LeakCollector(store, options, _environment.Time, Random.Shared);
        using var progress = new WaitProgress(_environment);
        var run = new CollectionRun(collector, grace, _environment.Time);
        var report = await progress.WhileAsync(run.RunAsync(arguments.GetValue(_dryRun), () => turn.IsOurs, progress.Begin, cancellationToken));
        Show(arguments, report);
        var exitCode = await CollectionEnd.TellAsync(_environment, store, report, cancellationToken);
        _environment.Note($"{report.Listed} leases, {report.Released.Count} released, {report.Suspects.Count} suspected");
        return exitCode;
    }

    private void Show(ParseResult arguments, CollectionReport report)
    {
        var writer = ListWriter.Create(_output.Of(arguments), LeakView.Create(), _environment);
        foreach (var release in report.Released)
            writer.Add(new Leak(release.Lease, "released", release.Because));
        foreach (var suspect in report.Suspects)
            writer.Add(new Leak(suspect.Lease, "stays", $"{suspect.Source}: {suspect.Finding}"));
        writer.Complete();
    }
}
