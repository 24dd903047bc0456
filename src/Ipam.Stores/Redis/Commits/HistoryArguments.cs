using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.History;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Requests;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Commits;

/// <summary>What the commit script is told of the history: how much is kept, and of each lease its event. For one request at a time.</summary>
/// <param name="bounds">How much is kept.</param>
/// <param name="forgets">Whether what is too old is thrown away.</param>
internal sealed class HistoryArguments(HistoryBounds bounds, bool forgets)
{
    /// <summary>What suits most: ten million events of a space, of which a stream's are read within the time that a person waits.</summary>
    private const long UsualBytes = 1L << 30;

    /// <summary>For those who throw nothing away, as they don't know how much is to be kept: a bound all the same.</summary>
    private const long MostBytesEver = 1L << 40;

    /// <summary>Servers keep a stream in parts of so many bytes (redis.conf, stream-node-max-bytes).</summary>
    private const int BytesOfPart = 4096;

    /// <summary>How many parts a stream has at most, and a few events more.</summary>
    private readonly long _mostParts = (forgets ? bounds.MostBytes ?? UsualBytes : MostBytesEver) / SpaceKeys.HistoryStreams / BytesOfPart;

    private readonly EventWriter _events = new();

    private bool IsOn => bounds.Keep is not null;

    /// <summary>The keys that the events of some changes go to.</summary>
    public IEnumerable<RedisKey> KeysOf(SpaceKeys keys, IReadOnlyList<BlockChange> changes)
    {
        foreach (var change in changes)
        {
            if (IsOn && change.Added.Count + change.Ended.Count > 0)
                yield return keys.History(change.Block.Id);
        }
    }

    /// <summary>Adds how many parts a stream has at most, 0 if none are written; and for how many milliseconds, 0 if nothing is thrown away now.</summary>
    public void Write(Request request)
    {
        request.Add(IsOn ? _mostParts : 0);
        request.Add(IsOn && forgets ? (long)bounds.Keep!.Value.TotalMilliseconds : 0);
    }

    /// <summary>Adds the event of a lease that ends.</summary>
    public void WriteEnd(Lease lease, ReleaseReason reason, Request request)
    {
        _events.Clear();
        if (IsOn)
        {
            _events.WriteWhere(lease);
            _events.WriteEnd(lease, reason, lease.AcquiredAt.ToUnixTimeMilliseconds());
        }
        Add(request);
    }

    /// <summary>Adds the event of a lease that begins. It is short: as long as the lease is held the block tells whose it is, and then its end.</summary>
    public void WriteBegin(Lease lease, BlockChange change, Request request)
    {
        _events.Clear();
        if (IsOn)
        {
            _events.WriteWhere(lease);
            _events.WriteShortBegin(lease, change.WhyBegun(lease));
        }
        Add(request);
    }

    private void Add(Request request)
    {
        request.Write(_events.Written);
        request.End();
    }
}
