namespace Ipam.Core.Addresses;

/// <summary>
/// A set of addresses of one family as sorted, disjoint, non-adjacent intervals: a range without its exclusions. It may leave out the edges, the .0 and .255 of
/// each /24 of IPv4: a mask does, so that a /8 needn't be cut into 65,536 intervals. Immutable. Two sets are equal if they have the same addresses.
/// </summary>
public sealed class IntervalSet : IEquatable<IntervalSet>
{
    /// <summary>What the two edges of a /24 have in their last byte.</summary>
    private const uint LowEdge = 0, HighEdge = 255;

    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;
    private readonly int _hash;

    private IntervalSet(IpFamily family, List<(UInt128 First, UInt128 Last)> intervals, bool skipEdges)
    {
        Family = family;
        if (skipEdges && family == IpFamily.V4)
        {
            intervals = WithoutEdgesAtTheEnds(intervals);
            SkipsEdges = intervals.Exists(static interval => EdgesUpTo(interval.Last) > EdgesBefore(interval.First));
        }
        _firsts = new UInt128[intervals.Count];
        _lasts = new UInt128[intervals.Count];
        var hash = new HashCode();
        hash.Add(family);
        hash.Add(SkipsEdges);
        for (var i = 0; i < intervals.Count; i++)
        {
            (_firsts[i], _lasts[i]) = intervals[i];
            hash.Add(intervals[i]);
        }
        _hash = hash.ToHashCode();
    }

    /// <summary>The family of all addresses in the set.</summary>
    public IpFamily Family { get; }

    /// <summary>Whether edges within the intervals are left out. The first and the last address of an interval are none.</summary>
    public bool SkipsEdges { get; }

    /// <summary>How many intervals the set has.</summary>
    public int Count => _firsts.Length;

    /// <summary>Whether no address is in the set.</summary>
    public bool IsEmpty => _firsts.Length == 0;

    /// <summary>From the first to the last address of the set, which is not empty.</summary>
    public AddressRange Span => new(this[0].First, this[Count - 1].Last);

    /// <summary>How many addresses are in the set; 2^128 - 1 for all of IPv6.</summary>
    public UInt128 Size
    {
        get
        {
            UInt128 size = 0;
            for (var i = 0; i < _firsts.Length; i++)
            {
                var width = _lasts[i] - _firsts[i];
                size = width == UInt128.MaxValue ? width : size + width + 1;
                if (SkipsEdges)
                    size -= EdgesUpTo(_lasts[i]) - EdgesBefore(_firsts[i]);
            }
            return size;
        }
    }

    /// <summary>The addresses of <paramref name="bounds"/> that are in none of <paramref name="excluded"/> (other families are ignored).</summary>
    /// <param name="bounds">The bounds.</param>
    /// <param name="excluded">The exclusions.</param>
    /// <param name="skipEdges">Whether the .0 and .255 of each /24 are left out as well. IPv6 has none.</param>
    public static IntervalSet Of(AddressRange bounds, IEnumerable<AddressRange> excluded, bool skipEdges = false)
    {
        var holes = excluded.Where(bounds.Overlaps).Select(static e => (First: e.First.Value, Last: e.Last.Value)).ToList();
        holes.Sort();
        var left = new List<(UInt128 First, UInt128 Last)>(holes.Count + 1);
        var next = bounds.First.Value;
        foreach (var (first, last) in holes)
        {
            if (first > next)
                left.Add((next, first - 1));
            if (last >= bounds.Last.Value)
                return new IntervalSet(bounds.First.Family, left, skipEdges);
            if (last >= next)
                next = last + 1;
        }
        left.Add((next, bounds.Last.Value));
        return new IntervalSet(bounds.First.Family, left, skipEdges);
    }

    /// <summary>The interval at <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public AddressRange this[int index] => new(new Address(Family, _firsts[index]), new Address(Family, _lasts[index]));

    /// <summary>All intervals, in order.</summary>
    public IEnumerable<AddressRange> Intervals => Enumerable.Range(0, Count).Select(i => this[i]);

    /// <summary>The edges that are left out within the intervals, as far as they are in <paramref name="span"/>; in order.</summary>
    public IEnumerable<Address> SkippedIn(AddressRange span)
    {
        for (var i = 0; SkipsEdges && span.First.Family == Family && i < Count; i++)
        {
            var (first, last) = (UInt128.Max(_firsts[i], span.First.Value), UInt128.Min(_lasts[i], span.Last.Value));
            for (var edge = IsEdge(first) ? first : first | HighEdge; edge <= last; edge += (edge & HighEdge) == HighEdge ? 1u : HighEdge)
                yield return new Address(Family, edge);
        }
    }

    /// <summary>Whether <paramref name="address"/> is in the set.</summary>
    public bool Contains(Address address)
    {
        if (address.Family != Family || (SkipsEdges && IsEdge(address.Value)))
            return false;
        var i = FirstIntervalEndingAtOrAfter(address.Value);
        return i < _firsts.Length && _firsts[i] <= address.Value;
    }

    /// <summary>How many addresses a mask of <see cref="MaskOf"/> covers: one for each bit.</summary>
    public const int MaskSize = 1 << MaskSizeBits;

    /// <summary>log2 of <see cref="MaskSize"/>.</summary>
    public const int MaskSizeBits = 6;

    /// <summary>
    /// One bit for each address in the set, of the <see cref="MaskSize"/> addresses from <paramref name="index"/> * <see cref="MaskSize"/>
    /// on.
    /// </summary>
    public ulong MaskOf(UInt128 index)
    {
        var first = index << MaskSizeBits;
        var last = first + (MaskSize - 1);
        ulong mask = 0;
        for (var i = FirstIntervalEndingAtOrAfter(first); i < _firsts.Length && _firsts[i] <= last; i++)
        {
            var from = _firsts[i] <= first ? 0 : (int)(_firsts[i] - first);
            var to = _lasts[i] >= last ? MaskSize - 1 : (int)(_lasts[i] - first);
            mask |= (ulong.MaxValue >> (MaskSize - 1 - to)) & (ulong.MaxValue << from);
        }
        return SkipsEdges ? mask & ~EdgesOf(index) : mask;
    }

    /// <inheritdoc/>
    public bool Equals(IntervalSet? other) =>
        other is not null && _hash == other._hash && Family == other.Family && SkipsEdges == other.SkipsEdges
        && _firsts.AsSpan().SequenceEqual(other._firsts) && _lasts.AsSpan().SequenceEqual(other._lasts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static bool IsEdge(UInt128 value) => ((uint)value & HighEdge) is LowEdge or HighEdge;

    /// <summary>The edges among the addresses of a mask: its first one in the first of the four masks of a /24, its last one in the last of them.</summary>
    private static ulong EdgesOf(UInt128 index) => ((uint)index & 3) switch
    {
        0 => 1UL,
        3 => 1UL << (MaskSize - 1),
        _ => 0,
    };

    /// <summary>How many edges there are up to an address, itself included.</summary>
    private static UInt128 EdgesUpTo(UInt128 value) => ((value >> 8) * 2) + (((uint)value & HighEdge) == HighEdge ? 2u : 1u);

    private static UInt128 EdgesBefore(UInt128 value) => value == 0 ? 0 : EdgesUpTo(value - 1);

    /// <summary>An interval that begins or ends with edges, of which two can follow each other, is made shorter; one that has nothing else is dropped.</summary>
    private static List<(UInt128 First, UInt128 Last)> WithoutEdgesAtTheEnds(List<(UInt128 First, UInt128 Last)> intervals)
    {
        var left = new List<(UInt128 First, UInt128 Last)>(intervals.Count);
        foreach (var (start, end) in intervals)
        {
            var (first, last) = (start, end);
            while (first <= last && IsEdge(first))
                first++;
            while (last > first && IsEdge(last))
                last--;
            if (first <= last)
                left.Add((first, last));
        }
        return left;
    }

    private int FirstIntervalEndingAtOrAfter(UInt128 value)
    {
        var at = Array.BinarySearch(_lasts, value);
        return at < 0 ? ~at : at;
    }
}
