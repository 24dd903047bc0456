using Ipam.Cli.Commands.Catalog;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary>
/// Leases inside a pool's subnets that lie in no pool's ranges: they are from before the ranges were changed, or from a configuration
/// that has ranges of its own.
/// </summary>
internal static class OutsideLeases
{
    private const int BlocksAtOnce = 256;

    /// <summary>The leases, by address, given the blocks of the pool's space.</summary>
    public static async Task<IReadOnlyList<Lease>> ReadAsync(
        IIpamStore store, PoolCatalog catalog, Pool pool, IReadOnlyList<BlockSummary> blocks, CancellationToken cancellationToken)
    {
        var subnets = PoolAddresses.OfSubnets(pool);
        var ranges = PoolAddresses.Of(catalog.Pools, pool.Space);
        var held = new HeldAddresses(blocks, block => subnets.HeldOf(block) & ~ranges.Of(block.Id));
        var wanted = held.All().ToHashSet();
        var leases = new List<Lease>();
        foreach (var ids in held.Blocks.Chunk(BlocksAtOnce))
        {
            foreach (var block in await store.ReadBlocksAsync(ids, cancellationToken))
                leases.AddRange(block.Leases.Where(lease => wanted.Contains(lease.Address)));
        }
        return [.. leases.OrderBy(static lease => lease.Address)];
    }
}
