namespace Ipam.Core.Trends;

/// <summary>How many addresses were held at most in each of the last steps of time: a ring. Not thread-safe.</summary>
public sealed class UseSeries
{
    /// <summary>Stands for a step in which nobody counted.</summary>
    public const int Unknown = -1;

    private readonly int[] _ring;
    private long _last = Unknown;

    /// <summary>An empty series.</summary>
    /// <param name="step">The length of a step.</param>
    /// <param name="length">How many steps it keeps.</param>
    public UseSeries(TimeSpan step, int length)
    {
        (Step, _ring) = (step, new int[length]);
        Array.Fill(_ring, Unknown);
    }

    /// <summary>The length of a step.</summary>
    public TimeSpan Step { get; }

    /// <summary>When the newest step begins; the epoch of Unix if there is none.</summary>
    public DateTimeOffset LastBegins => DateTimeOffset.UnixEpoch + Math.Max(0, _last) * Step;

    /// <summary>Notes a count. A clock that was set back adds to the newest step until it comes past it again.</summary>
    public void Record(DateTimeOffset now, long count)
    {
        var at = Math.Max(_last, (now - DateTimeOffset.UnixEpoch).Ticks / Step.Ticks);
        for (var gap = Math.Max(_last, at - _ring.Length) + 1; gap <= at; gap++)
            Place(gap) = Unknown;
        _last = at;
        ref var place = ref Place(at);
        place = Math.Max(place, (int)Math.Clamp(count, 0, int.MaxValue));
    }

    /// <summary>The counts from the first that is known to the newest, the steps between them that are <see cref="Unknown"/> included.</summary>
    public int[] ToArray()
    {
        if (_last < 0)
            return [];
        var all = new int[_ring.Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = _last - (all.Length - 1 - i) is var at and >= 0 ? Place(at) : Unknown;
        var first = Array.FindIndex(all, static count => count != Unknown);
        return first < 0 ? [] : all[first..];
    }

    internal void Write(BinaryWriter writer)
    {
        var counts = ToArray();
        writer.Write7BitEncodedInt64(_last + 1);
        writer.Write7BitEncodedInt(counts.Length);
        var before = 0;
        foreach (var count in counts)
        {
            // Most counts are like the one before: a byte each, and hardly any once it is compressed.
            var change = (long)count - before;
            writer.Write7BitEncodedInt64(change << 1 ^ change >> 63);
            before = count;
        }
    }

    /// <exception cref="InvalidDataException">It isn't what <see cref="Write"/> wrote.</exception>
    internal void Read(BinaryReader reader)
    {
        var last = reader.Read7BitEncodedInt64() - 1;
        var length = reader.Read7BitEncodedInt();
        if (length < 0 || length > _ring.Length || last < Unknown || last > long.MaxValue / Step.Ticks || last + 1 < length)
            throw new InvalidDataException();
        var count = 0L;
        for (var at = last - length + 1; at <= last; at++)
        {
            var change = reader.Read7BitEncodedInt64();
            count += (long)((ulong)change >> 1) ^ -(change & 1);
            if (count is < Unknown or > int.MaxValue)
                throw new InvalidDataException();
            Place(at) = (int)count;
        }
        _last = last;
    }

    private ref int Place(long at) => ref _ring[at % _ring.Length];
}
