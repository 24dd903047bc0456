using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>What a pool hands out addresses from.</summary>
public static class PoolRanges
{
    /// <summary>
    /// The pool's ranges, in its order. No range hands out a gateway of the pool, nor what is <paramref name="reserved"/>.
    /// </summary>
    public static IReadOnlyList<AllocationRange> Of(Pool pool, IEnumerable<AddressRange> reserved)
    {
        var masked = reserved.ToList();
        foreach (var range in pool.Ranges)
        {
            if (GatewayOf(range) is { } gateway)
                masked.Add(new AddressRange(gateway, gateway));
        }
        return [.. pool.Ranges.Select(range => ToRange(range, masked).Under(pool.Policy, pool.Name))];
    }

    private static AllocationRange ToRange(PoolRange range, List<AddressRange> masked) => new(
        range.Subnet,
        new AddressRange(range.First ?? SubnetDefaults.First(range.Subnet), range.Last ?? SubnetDefaults.Last(range.Subnet)),
        GatewayOf(range),
        [.. masked, .. range.Excluded, .. SubnetDefaults.NeverHandedOut(range.Subnet)]);

    private static Address? GatewayOf(PoolRange range) => range.Gateway ?? SubnetDefaults.Gateway(range.Subnet);
}
