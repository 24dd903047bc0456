using System.Globalization;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.History;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Text;
using StackExchange.Redis;

namespace Ipam.Stores.Redis;

/// <summary>
/// Which leases there were: some streams, to which the commit script adds. A stream is bounded by each commit, and goes by itself when nobody adds to it any more. It is
/// read in pages: commits go in between.
/// </summary>
/// <param name="store">Where what is held now is.</param>
/// <param name="connection">The connection.</param>
/// <param name="spaces">Lists the spaces.</param>
/// <param name="keysOf">The keys of a space.</param>
internal sealed class RedisHistory(
    RedisStore store, RedisConnection connection, Func<CancellationToken, Task<List<string>>> spaces, Func<string, SpaceKeys> keysOf) : ILeaseHistory
{
    private const int EntriesPerPage = 1_000;

    /// <summary>Streams read at the same time: most are short, and each is a round trip. Others' commits go in between.</summary>
    private const int StreamsAtOnce = 8;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeaseEvent>> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        var found = new List<LeaseEvent>();
        foreach (var space in question.Space is { } one ? [one] : await spaces(cancellationToken))
        {
            var keys = keysOf(space);
            IEnumerable<RedisKey> streams = question.Address is { } address
                ? [keys.History(BlockId.Of(space, address))]
                : Enumerable.Range(0, SpaceKeys.HistoryStreams).Select(keys.History);
            foreach (var some in streams.Chunk(StreamsAtOnce))
            {
                foreach (var events in await Task.WhenAll(some.Select(stream => FindAsync(question, space, stream, cancellationToken))))
                    found.AddRange(events);
            }
        }
        return found;
    }

    /// <inheritdoc/>
    // Each commit throws away what is too old or too much, and the server what nobody adds to.
    public Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<IEnumerable<LeaseEvent>> FindAsync(HistoryQuestion question, string space, RedisKey stream, CancellationToken cancellationToken)
    {
        var events = await ReadAsync(space, stream, question.Address, cancellationToken);
        return HeldIn(question, [.. (await CompleteAsync(events, cancellationToken)).Where(one => question.Matches(one.Lease))]);
    }

    private async Task<List<LeaseEvent>> ReadAsync(string space, RedisKey stream, Address? wanted, CancellationToken cancellationToken)
    {
        var (events, strings, last) = (new List<LeaseEvent>(), new StringPool(), "-");
        while (true)
        {
            var count = await connection.AskAsync("read the history", Request.Of("XRANGE", stream, last, "+", "COUNT", EntriesPerPage), answer =>
            {
                var entries = 0;
                foreach (var entry in answer.Parts())
                {
                    var parts = entry.Parts();
                    var id = parts.Next().Utf8();
                    if (++entries == EntriesPerPage)
                        last = "(" + Encoding.UTF8.GetString(id);
                    ReadEntry(space, id, parts.Next().Parts(), wanted, strings, events);
                }
                return entries;
            }, cancellationToken);
            if (count < EntriesPerPage)
                return events;
        }
    }

    /// <summary>
    /// Of all leases, those that were held at the time asked for: the others of a stream needn't be kept. Of one address or holder all come, as a later one tells when one without an end was over.
    /// </summary>
    private static IEnumerable<LeaseEvent> HeldIn(HistoryQuestion question, IReadOnlyCollection<LeaseEvent> events)
    {
        if (question.Address is not null || question.Holder is not null)
            return events;
        var held = LeaseStory.Of(events).Where(question.Matches).Select(static story => LeaseToken.Of(story.Lease)).ToHashSet();
        return events.Where(one => held.Contains(LeaseToken.Of(one.Lease)));
    }

    private static void ReadEntry(string space, ReadOnlySpan<byte> id, AnswerParts fields, Address? wanted, StringPool strings, List<LeaseEvent> to)
    {
        while (fields.MoveNext())
        {
            var reader = new EventReader(fields.Next().Utf8(), strings);
            var address = reader.ReadAddress();
            if (wanted is not null && wanted != address)
                continue;
            if (!long.TryParse(id[..Math.Max(id.IndexOf((byte)'-'), 0)], NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                throw new InvalidDataException($"'{Encoding.UTF8.GetString(id)}' is no id of an event");
            to.Add(reader.Read(space, address, reader.ReadSequence()) with { At = StoredData.Milliseconds(at) });
        }
    }

    /// <summary>Tells of each begin whose lease it was: its end says that, or the block.</summary>
    private async Task<IEnumerable<LeaseEvent>> CompleteAsync(List<LeaseEvent> events, CancellationToken cancellationToken)
    {
        var leases = new Dictionary<LeaseToken, Lease>();
        foreach (var one in events.Where(static one => one.Ended is not null))
            leases[LeaseToken.Of(one.Lease)] = one.Lease;
        var open = events.Select(static one => one.Lease).Where(lease => !leases.ContainsKey(LeaseToken.Of(lease))).Select(static lease => BlockId.Of(lease.Space, lease.Address)).ToHashSet();
        foreach (var lease in open.Count == 0 ? [] : (await store.ReadBlocksAsync(open, cancellationToken)).SelectMany(static held => held.Leases))
            leases.TryAdd(LeaseToken.Of(lease), LeaseEvent.Kept(lease));
        return events.Select(one => one.Began is { } began && leases.TryGetValue(LeaseToken.Of(one.Lease), out var lease)
            ? one with { Lease = lease, Began = began.By.Length == 0 ? began with { By = lease.Node } : began }
            : one);
    }
}
