namespace Ipam.Core.Addresses;

/// <summary>
/// A set of addresses of one family as sorted, disjoint, non-adjacent intervals: a range without its exclusions. Immutable. Two sets are equal
/// if they have the same addresses.
/// </summary>
public sealed class IntervalSet : IEquatable<IntervalSet>
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;
    private readonly int _hash;

    private IntervalSet(IpFamily family, List<(UInt128 First, UInt128 Last)> intervals)
    {
        Family = family;
        _firsts = new UInt128[intervals.Count];
        _lasts = new UInt128[intervals.Count];
        var hash = new HashCode();
        hash.Add(family);
        for (var i = 0; i < intervals.Count; i++)
        {
            (_firsts[i], _lasts[i]) = intervals[i];
            hash.Add(intervals[i]);
        }
        _hash = hash.ToHashCode();
    }

    /// <summary>The family of all addresses in the set.</summary>
    public IpFamily Family { get; }

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
            }
            return size;
        }
    }

    /// <summary>The addresses of <paramref name="bounds"/> that are in none of <paramref name="excluded"/> (other families are ignored).</summary>
    public static IntervalSet Of(AddressRange bounds, IEnumerable<AddressRange> excluded)
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
                return new IntervalSet(bounds.First.Family, left);
            if (last >= next)
                next = last + 1;
        }
        left.Add((next, bounds.Last.Value));
        return new IntervalSet(bounds.First.Family, left);
    }

    /// <summary>The interval at <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public AddressRange this[int index] => new(new Address(Family, _firsts[index]), new Address(Family, _lasts[index]));

    /// <summary>Whether <paramref name="address"/> is in the set.</summary>
    public bool Contains(Address address)
    {
        if (address.Family != Family)
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
        return mask;
    }

    /// <inheritdoc/>
    public bool Equals(IntervalSet? other) =>
        other is not null && _hash == other._hash && Family == other.Family
        && _firsts.AsSpan().SequenceEqual(other._firsts) && _lasts.AsSpan().SequenceEqual(other._lasts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private int FirstIntervalEndingAtOrAfter(UInt128 value)
    {
        var at = Array.BinarySearch(_lasts, value);
        return at < 0 ? ~at : at;
    }
}
