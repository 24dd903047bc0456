using Ipam.Core.Administration;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.History;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Asks who held what: the store if it keeps that, else its nodes and the file of this machine's ipamd if there is one. Safe for use by several threads at once.</summary>
/// <param name="reads">The store.</param>
/// <param name="nodeFile">That file.</param>
internal sealed class Histories(StoreReads reads, string nodeFile)
{
    private const int Most = 200;

    /// <summary>What is known; null if nobody here keeps any.</summary>
    /// <exception cref="StoreException">The store or the file failed.</exception>
    public async Task<FoundStories?> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        using var ofNode = reads.Store.History is null && File.Exists(nodeFile) ? new NodeHistory(nodeFile, HistoryBounds.Usual, reads.Time) : null;
        var history = new AvailableHistory(reads.Store, ofNode);
        if (!history.Exists)
            return null;
        var search = new HistorySearch(reads.Store, history);
        var stories = await search.FindAsync(question, cancellationToken);
        return new FoundStories(
            [.. stories.OrderByDescending(static story => story.BeganAt).Take(Most)], stories.Count > Most,
            history.IsOfThisMachineOnly, [.. search.Damaged.Select(static block => block.Why), .. history.Missing]);
    }
}

/// <summary>What leases there were.</summary>
/// <param name="Stories">They, the latest first.</param>
/// <param name="AreMore">Whether there are older ones.</param>
/// <param name="IsOfNode">Whether only what this machine's ipamd did is told.</param>
/// <param name="Damaged">What couldn't be read.</param>
internal sealed record FoundStories(IReadOnlyList<LeaseStory> Stories, bool AreMore, bool IsOfNode, IReadOnlyList<string> Damaged);
