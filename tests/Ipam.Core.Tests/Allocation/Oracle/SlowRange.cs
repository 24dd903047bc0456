using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>A range as one would write it down.</summary>
internal sealed class SlowRange
{
    private readonly AddressRange[] _holes;

    public SlowRange(string bounds, string? gateway = null, params string[] excluded)
    {
        Real = Some.Range(bounds, gateway, excluded);
        _holes = [.. excluded.Select(Some.AddressRange)];
        if (Real.Gateway is { } address)
            _holes = [.. _holes, new AddressRange(address, address)];
    }

    private SlowRange(SlowRange other, IEnumerable<AddressRange> edges, bool allowsOutside)
    {
        var skipEdges = edges.Any();
        Real = new AllocationRange(other.Real.Subnet, other.Bounds, other.Real.Gateway, [.. other._holes], skipEdges, allowsOutside);
        _holes = [.. other._holes, .. edges];
    }

    public AllocationRange Real { get; }

    public AddressRange Bounds => Real.Bounds;

    /// <summary>The same range without the .0 and .255 of each of its /24s, which are few.</summary>
    public SlowRange WithoutEdges()
    {
        var edges = new List<AddressRange>();
        for (var value = Bounds.First.Value; value <= Bounds.Last.Value; value++)
        {
            if (value % 256 == 0 || value % 256 == 255)
                edges.Add(new AddressRange(Bounds.First with { Value = value }, Bounds.First with { Value = value }));
        }
        return new SlowRange(this, edges, Real.AllowsOutside);
    }

    /// <summary>The same range, of which who asks gets any address of the subnet.</summary>
    public SlowRange AllowingOutside() => new(this, [], allowsOutside: true);

    /// <summary>Whether an address is in the range, or outside where that is allowed.</summary>
    public bool Reaches(Address address) => Bounds.Contains(address) || (Real.AllowsOutside && Real.Subnet.Contains(address));

    /// <summary>Whether who asks for an address may have it.</summary>
    public bool Gives(Address address) => Reaches(address) && HoleAround(address) is null;

    /// <summary>The exclusion, the edge, or the gateway, that an address is in.</summary>
    public AddressRange? HoleAround(Address address)
    {
        foreach (var hole in _holes)
        {
            if (hole.Contains(address))
                return hole;
        }
        return null;
    }

    public bool HandsOut(Address address) => Bounds.Contains(address) && HoleAround(address) is null;
}
