using Ipam.Core.Addresses;

namespace Ipam.Core.Tests.Addresses;

/// <summary>A range minus exclusions, and minus the edges of each /24 if these are skipped, address by address, over a window of a few hundred addresses.</summary>
internal sealed class NaiveSet
{
    private readonly SortedSet<UInt128> _addresses = [];

    private NaiveSet(AddressRange bounds, List<AddressRange> excluded, bool skipEdges)
    {
        Bounds = bounds;
        Excluded = excluded;
        SkipEdges = skipEdges;
        for (var value = bounds.First.Value; ; value++)
        {
            var isEdge = bounds.First.Family == IpFamily.V4 && value % 256 is var last && (last == 0 || last == 255);
            if (!(skipEdges && isEdge) && !excluded.Exists(e => e.First.Family == bounds.First.Family && e.First.Value <= value && value <= e.Last.Value))
                _addresses.Add(value);
            if (value == bounds.Last.Value)
                break;
        }
    }

    public AddressRange Bounds { get; }

    public List<AddressRange> Excluded { get; }

    public bool SkipEdges { get; }

    public IReadOnlyCollection<UInt128> Addresses => _addresses;

    public IntervalSet ToIntervalSet() => IntervalSet.Of(Bounds, Excluded, SkipEdges);

    public bool Contains(UInt128 value) => _addresses.Contains(value);

    /// <summary>A random set that begins at most <paramref name="window"/> addresses behind <paramref name="origin"/>.</summary>
    public static NaiveSet AtRandom(Random random, Address origin, int window)
    {
        var bounds = RandomRange(random, origin, window);
        var excluded = new List<AddressRange>();
        for (var i = random.Next(6); i > 0; i--)
            excluded.Add(RandomRange(random, origin, window));
        return new NaiveSet(bounds, excluded, random.Next(3) == 0);
    }

    /// <summary>Where windows of <paramref name="size"/> addresses are put: at both ends of both families, and on and off block borders.</summary>
    public static IEnumerable<Address> Origins(int size) =>
    [
        new(IpFamily.V4, 0),
        new(IpFamily.V4, 0x0a000000 - 100),
        new(IpFamily.V4, uint.MaxValue - (uint)size + 1),
        new(IpFamily.V6, 0),
        new(IpFamily.V6, (UInt128.One << 64) - 100),
        new(IpFamily.V6, UInt128.MaxValue - (uint)size + 1),
    ];

    private static AddressRange RandomRange(Random random, Address origin, int window)
    {
        // Short ones are as frequent as long ones.
        var width = random.Next(1, random.Next(2) == 0 ? 4 : window);
        var first = origin.Value + (uint)random.Next(window - width + 1);
        return new AddressRange(origin with { Value = first }, origin with { Value = first + (uint)(width - 1) });
    }
}
