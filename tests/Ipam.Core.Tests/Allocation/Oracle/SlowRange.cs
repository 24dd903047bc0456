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

    public AllocationRange Real { get; }

    public AddressRange Bounds => Real.Bounds;

    /// <summary>The exclusion, or the gateway, that an address is in.</summary>
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
