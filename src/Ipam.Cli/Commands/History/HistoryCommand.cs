using System.CommandLine;
using System.Runtime.CompilerServices;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Core.Text;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Cli.Commands.History;

/// <summary><c>ipamctl history</c>.</summary>
internal sealed class HistoryCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _whose = new("ADDRESS|POD|NODE|CONTAINER")
    {
        Description = "An address; or a pod, as [NAMESPACE/]NAME; or a node; or what a container id begins with.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All leases there were, week by week as they began; '-o jsonl' for an export." };

    private readonly Option<string> _space = SpaceOption.Create();
    private readonly MomentOption _at;
    private readonly MomentOption _since;
    private readonly MomentOption _until;
    private readonly Option<bool> _noHeaders = new("--no-headers") { Description = "Tables and CSV without titles." };
    private readonly OutputOption _output = OutputOption.OfList();

    public HistoryCommand(CliEnvironment environment, StoreOptions store)
        : base("history", "Shows who held an address, or what a pod, a node or a container held, from when to when and why it began and ended.")
    {
        _environment = environment;
        _store = store;
        _at = new MomentOption("--at", "Only what was held at that moment.", environment.Time);
        _since = new MomentOption("--since", "Only what was held then or later.", environment.Time);
        _until = new MomentOption("--until", "Only what was held then or earlier.", environment.Time);
        _whose.Validators.Add(static result =>
        {
            if (result.Tokens is not [{ Value: var text }])
                return;
            if (text.Length == 0)
                result.AddError("An empty text names nobody.");
            else if (!Address.TryParse(text, out _) && AddressRange.TryParse(text, out _))
                result.AddError($"'{text}' is not one address; name one.");
        });
        Validators.Add(result =>
        {
            if (result.GetResult(_whose) is { Tokens.Count: > 0 } == result.GetValue(_all))
                result.AddError($"Name an address, a pod, a node or a container, or give {_all.Name}; one of them.");
            if (result.GetResult(_at) is not null && (result.GetResult(_since) ?? result.GetResult(_until)) is not null)
                result.AddError($"{_at.Name} is one moment; leave out {_since.Name} and {_until.Name}.");
        });
        Add(_whose);
        Add(_all);
        Add(_space);
        Add(_at);
        Add(_since);
        Add(_until);
        Add(_noHeaders);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl history 10.1.0.17",
        "ipamctl history 10.1.0.17 --at '2026-11-29 14:23'",
        "ipamctl history shop/web-0 --since 7d -o wide",
        "ipamctl history worker-3 --since 2026-11-29T14:00:00Z --until 2026-11-29T15:00:00Z -o jsonl",
        "ipamctl history --all --since 24h -o jsonl",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var at = _at.Of(arguments);
        var whose = arguments.GetValue(_all) ? null : arguments.GetRequiredValue(_whose);
        var isAddress = Address.TryParse(whose, out var address);
        var question = new HistoryQuestion
        {
            Space = arguments.GetValue(_space),
            Address = isAddress ? address : null,
            Holder = isAddress ? null : whose,
            Since = at ?? _since.Of(arguments) ?? DateTimeOffset.MinValue,
            Until = at ?? _until.Of(arguments) ?? DateTimeOffset.MaxValue,
        };
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        using var ofNode = store.History is null ? NodeHistoryOf(arguments) : null;
        var history = new AvailableHistory(store, ofNode);
        if (!history.Exists)
        {
            return _environment.Fail(
                $"{store.Description} keeps no history, and no ipamd of this machine does: there is no file {NodeHistoryPath(arguments)}. Ask on the node of the lease; 'ipamctl lease show {whose ?? "ADDRESS"}' shows what is held now.",
                ExitCode.Failure);
        }
        if (history.IsOfThisMachineOnly)
            _environment.Note("only what the ipamd of this node did is told: others, and ipamctl, note nothing here");
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var writer = ListWriter.Create(_output.Of(arguments), StoryView.Instance, _environment, withTitles: !arguments.GetValue(_noHeaders));
        var found = whose is null ? ReadAllAsync(store, history, question, missing, cancellationToken) : FindAsync(store, history, question, missing, cancellationToken);
        var isAny = false;
        await foreach (var story in found)
        {
            isAny = true;
            writer.Add(story);
        }
        missing.UnionWith(history.Missing);
        if (!isAny && missing.Count == 0)
            return _environment.Fail(NotFound(whose, at, isAddress, store.Description), ExitCode.NotFound);
        writer.Complete();
        return _environment.Shown(missing);
    }

    private static async IAsyncEnumerable<LeaseStory> FindAsync(
        IIpamStore store, ILeaseHistory history, HistoryQuestion question, SortedSet<string> missing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = new HistorySearch(store, history);
        foreach (var story in await search.FindAsync(question, cancellationToken))
            yield return story;
        missing.UnionWith(search.Damaged.Select(static block => block.Why));
    }

    private async IAsyncEnumerable<LeaseStory> ReadAllAsync(
        IIpamStore store, ILeaseHistory history, HistoryQuestion question, SortedSet<string> missing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var whole = new WholeHistory(store, history, _environment.Time);
        await foreach (var story in whole.ReadAsync(question.Space, question.Since, question.Until, cancellationToken))
            yield return story;
        missing.UnionWith(whole.Damaged.Select(static block => block.Why));
    }

    private string NodeHistoryPath(ParseResult arguments) => NodeHistory.PathBeside(_store.Spool(arguments));

    /// <summary>What the ipamd of this machine keeps itself; null if it keeps nothing.</summary>
    private NodeHistory? NodeHistoryOf(ParseResult arguments) =>
        NodeHistoryPath(arguments) is var path && File.Exists(path) ? new NodeHistory(path, HistoryBounds.Usual, _environment.Time) : null;

    private static string NotFound(string? whose, DateTimeOffset? at, bool isAddress, string store)
    {
        var when = at is { } moment ? $"at {TimeText.Of(moment)}" : "at the time asked for";
        if (whose is null)
            return $"nobody held an address {when}, as far as the history of {store} goes back.";
        var who = isAddress ? $"nobody held {whose} {when}" : $"no pod, node or container '{whose}' held an address {when}";
        return $"{who}, as far as the history of {store} goes back; 'ipamctl history {whose}' shows all that is kept.";
    }
}
