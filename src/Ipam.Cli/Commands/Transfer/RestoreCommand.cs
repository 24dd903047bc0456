using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Transfer;

/// <summary><c>ipamctl restore</c>.</summary>
internal sealed class RestoreCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _file = new("FILE|-") { Description = "What 'ipamctl export' printed; - for the input." };
    private readonly Option<bool> _create = new("--create") { Description = "Make the file of an SQLite store if it isn't there." };
    private readonly Option<bool> _force = new("--force") { Description = "Don't watch first whether an ipamd works on the store, and take an export that lacks what was damaged." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only check the export, and compare it with the store." };

    public RestoreCommand(CliEnvironment environment, StoreOptions store)
        : base("restore", "Writes an export into a store that is empty, or has nothing but what the export has. Run again after it was interrupted, it goes on.")
    {
        _environment = environment;
        _store = store;
        Add(_file);
        Add(_create);
        Add(_force);
        Add(_dryRun);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl restore ipam.jsonl --dry-run",
        "ipamctl restore ipam.jsonl --store sqlite:/var/lib/ipam/new.db --create",
        "ipamctl export --store sqlite:/var/lib/ipam/ipam.db | ipamctl restore - --store redis://10.0.0.5:6379/0",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var file = await ExportFile.OpenAsync(arguments.GetRequiredValue(_file), _environment, cancellationToken);
        await using var store = await _store.OpenAsync(arguments, cancellationToken, mayCreate: arguments.GetValue(_create));
        var isForced = arguments.GetValue(_force);
        if (file.Counts.Damaged > 0 && !isForced)
        {
            return _environment.Fail(
                $"not restored: when the export was made, {file.Counts.Damaged} parts of the store were damaged and are missing in it: look for the lines of the kind '{ExportWriter.DamagedKind}'. "
                + "What is held there would be handed out again; --force restores the rest.", ExitCode.Refused);
        }
        var restorer = new StoreRestorer(store, file.Catalog, file.BlocksAsync, _environment.User(), CatalogContent.Of, CatalogContent.Of);
        var before = await restorer.CompareAsync(cancellationToken);
        if (!before.Fits)
            return Refuse(before);
        var missing = $"blocks: {before.MissingBlocks}, leases: {before.MissingLeases}, pools and reservations: {before.MissingEntries}";
        if (arguments.GetValue(_dryRun))
            return _environment.Answer($"would restore {missing}; the export has {file.Counts}");
        if (before.IsComplete)
            return _environment.Done($"nothing to restore: the store has all of the export, {file.Counts}");
        if (!isForced && await WorkingNodeAsync(store, cancellationToken) is { } node)
        {
            return _environment.Fail(
                $"not restored: ipamd of node '{node}' works on the store, and would hand out addresses that are not restored yet. Stop it, or use --force.", ExitCode.Refused);
        }
        return await WriteAsync(restorer, before, file, cancellationToken);
    }

    private async Task<int> WriteAsync(StoreRestorer restorer, RestoreComparison before, ExportFile file, CancellationToken cancellationToken)
    {
        try
        {
            using (var progress = new ProgressLine(_environment))
                await restorer.WriteAsync(written => progress.Show("blocks written", written, before.MissingBlocks), cancellationToken);
            var after = await restorer.CompareAsync(cancellationToken);
            if (!after.IsComplete)
            {
                return _environment.Fail(
                    $"the store is not as the export: {Named(after)} Somebody else works on it. Stop ipamd, and run it again: it goes on.", ExitCode.Failure);
            }
        }
        catch (StoreException e)
        {
            return _environment.Fail($"{e.Message} Not all is restored. Run it again: it goes on.", ExitCode.Failure);
        }
        var exitCode = _environment.Done($"restored {file.Counts}");
        return file.Counts.Damaged > 0 ? _environment.Fail($"{file.Counts.Damaged} parts that were damaged are missing", ExitCode.Damaged) : exitCode;
    }

    private int Refuse(RestoreComparison comparison) => _environment.Fail(
        $"not restored: the store is neither empty nor a part of the export. {Named(comparison)} Restore into an empty store.", ExitCode.Refused);

    private static string Named(RestoreComparison comparison)
    {
        var more = comparison.DifferenceCount - comparison.Differences.Count;
        var missing = comparison.MissingBlocks + comparison.MissingEntries;
        var all = comparison.DifferenceCount > 0 ? $"{string.Join("; ", comparison.Differences)}{(more > 0 ? $"; and {more} more" : "")}." : "";
        return missing > 0 && comparison.DifferenceCount == 0 ? $"{missing} blocks, pools and reservations are missing." : all;
    }

    /// <summary>A node whose ipamd reports; null if none does.</summary>
    private async Task<string?> WorkingNodeAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        if ((await store.Nodes.ListAsync(cancellationToken)).All(static entry => entry.HasStopped))
            return null;
        var survey = new NodeSurvey(store, _environment.Time);
        _environment.Note($"watching for {survey.LeastWait.TotalSeconds:0.#} s whether an ipamd works on the store; --force doesn't.");
        return (await survey.ListAsync(survey.LeastWait, cancellationToken)).FirstOrDefault(static node => node.State == NodeState.Reports)?.Node;
    }
}
