using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>The addresses of pools.</summary>
public static class PoolAddresses
{
    /// <summary>What the pool hands out addresses from, held or not, but for what is <paramref name="reserved"/>.</summary>
    public static AddressMask Of(Pool pool, IEnumerable<AddressRange> reserved) =>
        new(pool.Space, [.. PoolRanges.Of(pool, reserved).Select(static range => range.Allocatable)]);

    /// <summary>The same, reserved or not: where leases of the pool may lie.</summary>
    public static AddressMask Of(Pool pool) => Of(pool, []);

    /// <summary>What pools hand out in <paramref name="space"/>.</summary>
    public static AddressMask Of(IEnumerable<Pool> pools, string space) => new(
        space,
        [.. pools.Where(pool => pool.Space == space).SelectMany(static pool => PoolRanges.Of(pool, [])).Select(static range => range.Allocatable)]);

    /// <summary>All that is in the pool's subnets.</summary>
    public static AddressMask OfSubnets(Pool pool) =>
        AddressMask.Of(pool.Space, pool.Ranges.Select(static range => new AddressRange(range.Subnet.First, range.Subnet.Last)));

    /// <summary>What is reserved in <paramref name="space"/>.</summary>
    public static IEnumerable<AddressRange> Reserved(PoolCatalog catalog, string space) =>
        catalog.Reservations.Where(reservation => reservation.Space == space).SelectMany(static reservation => reservation.Addresses);
}
