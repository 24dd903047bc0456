using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Tells all leases there were in a time, week by week, so that never more than a week's events and what is held now are in memory. Members throw <see cref="StoreException"/>.
/// Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="history">Its history.</param>
/// <param name="time">The clock.</param>
public sealed class WholeHistory(IIpamStore store, ILeaseHistory history, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>What is older is asked for at once: little or nothing is kept for longer than this.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(98);

    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    private readonly LeaseSearch _search = new(store) { GathersEnds = true };

    /// <summary>The damaged blocks that were met: what is held there now may be missing.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _search.Damaged;

    /// <summary>The leases, each once: week by week as they began, in a week by space, address and sequence.</summary>
    /// <param name="space">The space; null for all.</param>
    /// <param name="since">Only leases that were held then or later.</param>
    /// <param name="until">Only leases that were held then or earlier.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<LeaseStory> ReadAsync(string? space, DateTimeOffset since, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var held = new Dictionary<LeaseToken, Lease>();
        await foreach (var lease in _search.ListAsync(new LeaseFilter { Space = space }, cancellationToken))
            held[LeaseToken.Of(lease)] = lease;
        var unheard = new Dictionary<LeaseToken, Lease>(held);
        var ended = _search.EndsToNote.Select(LeaseEvent.Of).ToList();
        foreach (var (from, to) in Windows(since, until, now))
        {
            var events = await history.FindAsync(new HistoryQuestion { Space = space, Since = from, Until = to }, cancellationToken);
            foreach (var story in LeaseStory.Of(events.Concat(ended).Where(one => space is null || one.Lease.Space == space)))
            {
                var token = LeaseToken.Of(story.Lease);
                unheard.Remove(token);
                // What began earlier was told with its own week.
                if ((story.BeganAt < from && from != since) || story.BeganAt >= to || !story.WasHeld(since, until))
                    continue;
                // What began since, the look at what is held can't have shown; and clocks differ a little.
                yield return story.EndedAt is null && story.BeganAt < now - Leeway && !held.ContainsKey(token) ? story with { EndIsUnknown = true } : story;
            }
        }
        // Those that are older than the history.
        foreach (var story in unheard.Values.Select(static lease => new LeaseStory(LeaseEvent.Kept(lease))).Where(story => story.WasHeld(since, until)).Order(LeaseStory.ByAddress))
            yield return story;
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Windows(DateTimeOffset since, DateTimeOffset until, DateTimeOffset now)
    {
        var from = since;
        var end = until < now ? until : DateTimeOffset.MaxValue;
        for (var to = since <= now - Recent ? now - Recent : since < now ? since + Window : now; to < end && to < now; to += Window)
        {
            yield return (from, to);
            from = to;
        }
        yield return (from, end);
    }
}
