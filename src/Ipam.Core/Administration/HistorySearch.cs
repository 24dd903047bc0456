using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Tells who held what, and when, from what an open store keeps of that and from what is held now. Members throw <see cref="StoreException"/>. Not thread-safe.
/// </summary>
/// <param name="store">The store, which has a history.</param>
/// <param name="history">Its history.</param>
public sealed class HistorySearch(IIpamStore store, ILeaseHistory history)
{
    private readonly LeaseSearch _search = new(store) { GathersEnds = true };

    /// <summary>The damaged blocks that were met: what is held there now may be missing in what was found.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _search.Damaged;

    /// <summary>The leases that are asked for, by space, address and sequence.</summary>
    public async Task<IReadOnlyList<LeaseStory>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        var (stories, over) = await LookAsync(question, cancellationToken);
        if (over.Count > 0)
        {
            // One may have ended between the two reads. What is over at a second look, too, has no end that was kept.
            var first = over;
            (stories, over) = await LookAsync(question, cancellationToken);
            over.IntersectWith(first);
        }
        var told = stories.Select(story => over.Contains(LeaseToken.Of(story.Lease)) ? story with { EndIsUnknown = true } : story).ToList();
        for (var i = 0; i < told.Count - 1; i++)
        {
            // It was over at the latest when the next one began.
            if (told[i].EndIsUnknown && told[i + 1] is var next && next.Lease.Address == told[i].Lease.Address && next.Lease.Space == told[i].Lease.Space)
                told[i] = told[i] with { EndedAt = next.BeganAt };
        }
        return told.FindAll(question.Matches);
    }

    /// <summary>All stories of what is asked for, and those that are without an end although nobody holds them.</summary>
    private async Task<(IReadOnlyList<LeaseStory> Stories, HashSet<LeaseToken> Over)> LookAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        var events = await history.FindAsync(question, cancellationToken);
        var held = (await HeldAsync(question, cancellationToken)).ToDictionary(LeaseToken.Of);
        var stories = LeaseStory.Of(events.Concat(_search.EndsToNote.Select(LeaseEvent.Of)).Where(one => question.Matches(one.Lease)));
        var known = stories.Select(static story => LeaseToken.Of(story.Lease)).ToHashSet();
        // Those that are older than the history.
        var others = held.Values.Where(lease => !known.Contains(LeaseToken.Of(lease))).Select(static lease => new LeaseStory(LeaseEvent.Kept(lease)));
        return (
            [.. stories.Concat(others).Order(LeaseStory.ByAddress)],
            [.. stories.Where(story => story.EndedAt is null).Select(static story => LeaseToken.Of(story.Lease)).Where(token => !held.ContainsKey(token))]);
    }

    private async Task<IReadOnlyList<Lease>> HeldAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        if (question.Address is { } address)
            return [.. (await _search.OfAddressAsync(address, question.Space, cancellationToken)).Where(question.Matches)];
        var held = new List<Lease>();
        await foreach (var lease in _search.ListAsync(new LeaseFilter { Space = question.Space }, cancellationToken))
        {
            if (question.Matches(lease))
                held.Add(lease);
        }
        return held;
    }
}
