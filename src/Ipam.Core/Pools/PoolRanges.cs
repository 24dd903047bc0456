using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>What ranges that are used together hand out.</summary>
public static class PoolRanges
{
    /// <summary>
    /// The pool's ranges, in its order. No range hands out a gateway of the pool, nor what is <paramref name="reserved"/>.
    /// </summary>
    public static IReadOnlyList<AllocationRange> Of(Pool pool, IEnumerable<AddressRange> reserved)
    {
        List<AddressRange> masked = [.. reserved, .. GatewaysOf(pool.Ranges)];
        return [.. pool.Ranges.Select(range => range.Without(masked).Under(pool.Policy, pool.Name))];
    }

    /// <summary>The gateways of ranges. What is a gateway in one of them is not handed out from another.</summary>
    public static IEnumerable<AddressRange> GatewaysOf(IEnumerable<PoolRange> ranges)
    {
        foreach (var range in ranges)
        {
            if (range.GatewayOrDefault is { } gateway)
                yield return new AddressRange(gateway, gateway);
        }
    }
}
