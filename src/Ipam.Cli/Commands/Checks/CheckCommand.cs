using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.GarbageCollection;

namespace Ipam.Cli.Commands.Checks;

/// <summary><c>ipamctl check</c>.</summary>
internal sealed class CheckCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly NodeGoneAfterOption _goneAfter = new();
    private readonly OutputOption _output = new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);

    public CheckCommand(CliEnvironment environment, StoreOptions store)
        : base("check", "Looks for all that is wrong in the store, and changes nothing: what doesn't add up, leaks, and what is left of nodes that are gone.")
    {
        _environment = environment;
        _store = store;
        Add(_goneAfter);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl check", "ipamctl check -o json > report.json", "ipamctl check --node-gone-after 86400"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (!_goneAfter.IsTold(arguments, store))
            _environment.Note("leaks are not looked for: nothing here can tell that a node is gone, as the store belongs to no cluster. --node-gone-after does.");
        var options = new CollectorOptions { By = _environment.User(), NodeGoneAfter = _goneAfter.OrNever(arguments) };
        using var progress = new WaitProgress(_environment);
        var check = new StoreCheck(store, options, _environment.Time, Random.Shared);
        var report = await progress.WhileAsync(check.RunAsync(progress.Begin, cancellationToken));
        Show(report, _output.Of(arguments));
        foreach (var refusal in report.Refusals)
            _environment.Note($"not among the findings: {refusal.Leases} leases that {refusal.Source} show as leaked: {refusal.Why}");
        if (report.InNoPool > 0)
            _environment.Note($"{report.InNoPool} leases lie in no pool: of configurations with ranges of their own, or of pools that were deleted");
        _environment.Note($"{report.Leases} leases, {report.Findings} findings");
        return report.Findings > 0 ? ExitCode.Found : report.Refusals.Count > 0 ? ExitCode.Implausible : ExitCode.Ok;
    }

    private void Show(CheckReport report, OutputFormat format)
    {
        if (format == OutputFormat.Table)
        {
            var table = ListWriter.Create(format, FindingView.Create(), _environment);
            foreach (var finding in Finding.Of(report))
                table.Add(finding);
            table.Complete();
            return;
        }
        var writer = ListWriter.Create(format, ReportView.Create(), _environment);
        writer.Add(report);
        writer.Complete();
    }
}
