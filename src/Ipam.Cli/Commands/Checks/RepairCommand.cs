using System.CommandLine;
using Ipam.Cli.Commands.Collection;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Checks;

/// <summary><c>ipamctl repair</c>.</summary>
internal sealed class RepairCommand : Verb
{
    private const int MostReports = 32;

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string[]> _reports = new("--from-report")
    {
        Description = "A report that 'ipamctl check -o json' made. If several are given, only leaks that each of them names are released.",
        HelpName = "FILE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly SecondsOption _grace = new("--grace", 600, 1, 86_400, "Release what was gone for so many seconds since the oldest report.");
    private readonly NodeGoneAfterOption _goneAfter = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would be released." };
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);

    public RepairCommand(CliEnvironment environment, StoreOptions store)
        : base("repair", "Releases leaks that reports of 'ipamctl check' name, and that a look now confirms. Nothing else is mended.")
    {
        _environment = environment;
        _store = store;
        Add(_reports);
        Add(_grace);
        Add(_goneAfter);
        Add(_dryRun);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl repair --from-report monday.json --from-report tuesday.json --dry-run", "ipamctl repair --from-report report.json"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var files = arguments.GetRequiredValue(_reports);
        if (files.Length > MostReports)
            throw new UsageException($"{files.Length} reports are given, and at most {MostReports} are taken.");
        var reports = new LeakReports([.. files.Select(ReportFile.Read)]);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (!_goneAfter.IsTold(arguments, store))
            return _environment.Fail("nothing here can tell that a node is gone: the store belongs to no cluster. Give --node-gone-after, as to 'ipamctl check'.", ExitCode.Usage);
        var past = await store.Past.ReadAsync(cancellationToken);
        var clusterUid = store.Cluster is { } cluster ? await cluster.ReadUidAsync(cancellationToken) : "";
        var now = _environment.Time.GetUtcNow();
        if (reports.Objection(past.Identity, clusterUid, now) is { } objection)
            return _environment.Fail($"nothing is released: the report {objection}.", ExitCode.Refused);
        await using var turn = new CollectionTurn(store.Leaders, _environment);
        if (await turn.WhoHasItAsync(cancellationToken) is { } holder)
            return _environment.Fail($"a collection is under way: {holder}. Wait for its end.", ExitCode.Locked);
        var options = new CollectorOptions { By = _environment.User(), Grace = _grace.Of(arguments), NodeGoneAfter = _goneAfter.OrNever(arguments) };
        var repair = new LeakRepair(store, reports.InAll(now, _environment.Time), options, _environment.Time, Random.Shared);
        using var progress = new WaitProgress(_environment);
        var isDry = arguments.GetValue(_dryRun);
        var report = await progress.WhileAsync(repair.RunAsync(isDry, () => turn.IsOurs, progress.Begin, cancellationToken));
        var due = isDry ? report.Collection.Due.ToDictionary(static release => LeaseToken.Of(release.Lease)) : [];
        Show(arguments, report, due);
        var exitCode = await CollectionEnd.TellAsync(_environment, store, report.Collection, cancellationToken);
        var released = report.Collection.Released.Count;
        var staying = report.Staying.Count - due.Count;
        _environment.Note(
            $"the reports name {report.Named} leaks: {(isDry ? $"{due.Count} would be released" : $"{released} released")}, {staying} stay, {report.Named - released - report.Staying.Count} were released before");
        return exitCode == ExitCode.Ok && staying > 0 ? ExitCode.NotConfirmed : exitCode;
    }

    private void Show(ParseResult arguments, RepairReport report, Dictionary<LeaseToken, LeakRelease> due)
    {
        var writer = ListWriter.Create(_output.Of(arguments), LeakView.Create(), _environment);
        foreach (var release in report.Collection.Released)
            writer.Add(new Leak(release.Lease, "released", release.Because));
        foreach (var stays in report.Staying)
        {
            writer.Add(due.TryGetValue(LeaseToken.Of(stays.Lease), out var release)
                ? new Leak(stays.Lease, "would be released", release.Because)
                : new Leak(stays.Lease, "stays", stays.Suspect is { } suspect ? $"{suspect.Source}: {suspect.Finding}" : "no reading finds its owner gone now"));
        }
        writer.Complete();
    }
}
