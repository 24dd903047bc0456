using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>The history that there is: the store's own; or, where that keeps none, what its nodes keep, those that can be asked and this machine's. Not thread-safe.</summary>
/// <param name="store">The store, open.</param>
/// <param name="ofThisMachine">What the ipamd of this machine keeps, for a store without a history; null if there is none.</param>
public sealed class AvailableHistory(IIpamStore store, ILeaseHistory? ofThisMachine) : ILeaseHistory
{
    private const int MostNames = 3;

    /// <summary>What was missing in what was found last: for each reason the nodes, the first few by their names.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Whether anybody keeps one.</summary>
    public bool Exists => store.History is not null || store.NodeHistories is not null || ofThisMachine is not null;

    /// <summary>Whether only this machine's ipamd can tell.</summary>
    public bool IsOfThisMachineOnly => store.History is null && store.NodeHistories is null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeaseEvent>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        if (store.History is { } own)
            return await own.FindAsync(question, cancellationToken);
        var told = store.NodeHistories is { } nodes ? await nodes.FindAsync(question, cancellationToken) : new NodeAnswers([], []);
        Missing = [.. told.Missing.GroupBy(static node => node.Why, static node => node.Node, StringComparer.Ordinal).Select(static of => $"the history of {Names([.. of])}: {of.Key}")];
        return ofThisMachine is null ? told.Events : [.. told.Events, .. await ofThisMachine.FindAsync(question, cancellationToken)];
    }

    /// <inheritdoc/>
    public Task TidyAsync(CancellationToken cancellationToken) => (store.History ?? ofThisMachine)?.TidyAsync(cancellationToken) ?? Task.CompletedTask;

    private static string Names(string[] nodes)
    {
        Array.Sort(nodes, StringComparer.Ordinal);
        var named = string.Join(", ", nodes.Take(MostNames));
        return nodes.Length > MostNames ? $"{named} and {nodes.Length - MostNames} more" : named;
    }
}
