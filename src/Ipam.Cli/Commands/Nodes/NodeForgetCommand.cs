using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Nodes;

/// <summary><c>ipamctl node forget</c>.</summary>
internal sealed class NodeForgetCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the node." };
    private readonly Option<bool> _force = new("--force") { Description = "Don't watch first whether the node reports." };
    private readonly Confirmation _confirmation;

    public NodeForgetCommand(CliEnvironment environment, StoreOptions store)
        : base("forget", "Releases all leases of a node that is gone for good, after asking, and takes it out of the registry. It must not report.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "forget", "forgotten");
        Add(_name);
        Add(_force);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl node forget worker-9 --dry-run", "ipamctl node forget worker-9 --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        var isForced = arguments.GetValue(_force);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var watch = await NodeWatch.BeginAsync(store.Nodes, _environment.Time, name, cancellationToken);
        var holdings = await NodeHoldings.ReadAsync(store, name, cancellationToken);
        if (holdings.IsNothing && watch.Entry is not { HasStopped: false })
            return _environment.Fail(NodeText.NoNode(store, name), ExitCode.NotFound);

        _confirmation.Show(NodeCard.View, new NodeCard(holdings, watch.Entry));
        if (!isForced && await ReportsAsync(watch, cancellationToken))
        {
            return _environment.Fail(
                $"not forgotten: node '{name}' reports. Stop ipamd there for good first; leases of single containers end with 'ipamctl lease release'.", ExitCode.Refused);
        }
        if (_confirmation.EndsWith(arguments, $"would forget node {name}, leases: {holdings.Leases}", Question(holdings, isForced)) is { } end)
            return end;
        return await ForgetAsync(new NodeReleaser(store, watch, holdings.Places, _environment.Time, Random.Shared), holdings, cancellationToken);
    }

    private static string Question(NodeHoldings holdings, bool isForced)
    {
        var unwatched = isForced ? "Whether it reports was not watched. " : "";
        return $"{unwatched}A container that still runs on node '{holdings.Node}' will share its address with the next owner. Release its leases ({holdings.Leases}) and forget it?";
    }

    private async Task<bool> ReportsAsync(NodeWatch watch, CancellationToken cancellationToken)
    {
        _environment.Note($"watching for {watch.Patience.TotalSeconds:0.#} s whether node '{watch.Node}' reports; --force doesn't.");
        return await watch.ReportsAsync(cancellationToken);
    }

    private async Task<int> ForgetAsync(NodeReleaser releaser, NodeHoldings holdings, CancellationToken cancellationToken)
    {
        bool isDone;
        try
        {
            using var progress = new ProgressLine(_environment);
            isDone = await releaser.ReleaseAsync(
                new ReleaseReason(ReleaseCause.Admin, _environment.User(), "the node was forgotten"),
                () => progress.Show("leases released", releaser.Released, holdings.Leases), cancellationToken);
        }
        catch (StoreException e)
        {
            return _environment.Fail($"{e.Message} Not all is done, {Tally(releaser)}. Run it again: it goes on.", ExitCode.Failure);
        }
        if (!isDone && releaser.BlocksChanged == 0)
            return _environment.Fail($"not forgotten: node '{holdings.Node}' is back.", ExitCode.Refused);
        if (!isDone)
        {
            return _environment.Fail(
                $"stopped: node '{holdings.Node}' is back, {Tally(releaser)}. Its containers may have lost addresses: see 'ipamctl lease list --node {holdings.Node}'.",
                ExitCode.Failure);
        }
        if (releaser.GivenUp > 0)
        {
            return _environment.Fail(
                $"not forgotten: others changed the same blocks at each of {LeaseReleaser.MaxAttempts} tries, {Tally(releaser)}, not released: {releaser.GivenUp}. Run it again: it goes on.",
                ExitCode.Failure);
        }
        return Report(releaser, holdings.Node);
    }

    private int Report(NodeReleaser releaser, string node)
    {
        var exitCode = _environment.Done($"forgot node {node}, {Tally(releaser)}");
        foreach (var why in releaser.Damaged.Select(static block => block.Why).Distinct())
            exitCode = _environment.Fail($"not released, if the node has leases there: {why}", ExitCode.Damaged);
        return exitCode;
    }

    private static string Tally(NodeReleaser releaser)
    {
        var byOthers = releaser.ReleasedByOthers > 0 ? $", released by others meanwhile: {releaser.ReleasedByOthers}" : "";
        return $"leases released: {releaser.Released}{byOthers}";
    }
}
