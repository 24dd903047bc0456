using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Collection;

/// <summary><c>ipamctl gc</c>.</summary>
internal sealed class GcCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly SecondsOption _grace = new("--grace", 600, 1, 86_400, "Release what was gone for so many seconds.");
    private readonly SecondsOption _goneAfter = new(
        "--node-gone-after", 0, 60, 31_536_000, "Count a node as gone, with all its containers, whose ipamd gave no sign for so many seconds while this command watched; 0: never.");

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what seems to be leaked. Doesn't wait out the grace period." };
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);

    public GcCommand(CliEnvironment environment, StoreOptions store)
        : base("gc", "Releases the leases of nodes that nobody answers for: no ipamd reports, and the cluster doesn't have them any more. Waits out the grace period.")
    {
        _environment = environment;
        _store = store;
        Add(_grace);
        Add(_goneAfter);
        Add(_dryRun);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl gc --dry-run", "ipamctl gc --grace 900 -o json", "ipamctl gc --node-gone-after 86400"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var grace = _grace.Of(arguments);
        var goneAfter = _goneAfter.Of(arguments);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (store.Cluster is null && goneAfter == TimeSpan.Zero)
        {
            return _environment.Fail(
                "nothing here can tell that a node is gone: the store belongs to no cluster. Give --node-gone-after, or name the node: 'ipamctl node forget NAME'.", ExitCode.Usage);
        }
        await using var turn = new CollectionTurn(store.Leaders, _environment);
        if (await turn.WhoHasItAsync(cancellationToken) is { } holder)
            return _environment.Fail($"another collection is under way: {holder}. It does the same; wait for its end.", ExitCode.Locked);
        var options = new CollectorOptions { By = _environment.User(), Grace = grace, NodeGoneAfter = goneAfter == TimeSpan.Zero ? null : goneAfter };
        var collector = new LeakCollector(store, options, _environment.Time, Random.Shared);
        var report = await new CollectionRun(collector, grace, _environment.Time)
            .RunAsync(arguments.GetValue(_dryRun), () => turn.IsOurs, Waits, cancellationToken);
        return Show(arguments, report);
    }

    private void Waits(string why, TimeSpan most) => _environment.Note($"waits {why}, up to {most.TotalSeconds:0} s");

    private int Show(ParseResult arguments, CollectionReport report)
    {
        var writer = ListWriter.Create(_output.Of(arguments), LeakView.Create(), _environment.Output);
        foreach (var release in report.Released)
            writer.Add(new Leak(release.Lease, "released", release.Because));
        foreach (var suspect in report.Suspects)
            writer.Add(new Leak(suspect.Lease, "stays", $"{suspect.Source}: {suspect.Finding}"));
        writer.Complete();
        foreach (var refusal in report.Refusals)
            _environment.Note($"not released: {refusal.Leases} leases that {refusal.Source} show as leaked: {refusal.Why}");
        foreach (var failure in report.Failures)
            _environment.Note(failure);
        _environment.Note($"{report.Listed} leases, {report.Released.Count} released, {report.Suspects.Count} suspected");
        return report.IsCutShort ? _environment.Fail("another collection took over in the midst; it does the rest", ExitCode.Locked)
            : report.Failures.Count > 0 ? ExitCode.Failure
            : report.Refusals.Any(static refusal => refusal.Reason is RefusedRelease.Implausible or RefusedRelease.Incomplete) ? ExitCode.Implausible
            : ExitCode.Ok;
    }
}
