using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>The history of a store that keeps none: what its nodes keep, those that can be asked and this machine's. Not thread-safe.</summary>
/// <param name="nodes">Asks the nodes; null where they can't be asked.</param>
/// <param name="ofThisMachine">What the ipamd of this machine keeps; null if there is none.</param>
public sealed class HistoryOfNodes(INodeHistories? nodes, ILeaseHistory? ofThisMachine) : ILeaseHistory
{
    private const int MostNames = 3;

    /// <summary>What was missing in what was found last: for each reason the nodes, the first few by their names.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeaseEvent>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        var told = nodes is null ? new NodeAnswers([], []) : await nodes.FindAsync(question, cancellationToken);
        Missing = [.. told.Missing.GroupBy(static node => node.Why, static node => node.Node, StringComparer.Ordinal).Select(static of => $"the history of {Names([.. of])}: {of.Key}")];
        return ofThisMachine is null ? told.Events : [.. told.Events, .. await ofThisMachine.FindAsync(question, cancellationToken)];
    }

    /// <inheritdoc/>
    public Task TidyAsync(CancellationToken cancellationToken) => ofThisMachine?.TidyAsync(cancellationToken) ?? Task.CompletedTask;

    private static string Names(string[] nodes)
    {
        Array.Sort(nodes, StringComparer.Ordinal);
        var named = string.Join(", ", nodes.Take(MostNames));
        return nodes.Length > MostNames ? $"{named} and {nodes.Length - MostNames} more" : named;
    }
}
