using System.Runtime.CompilerServices;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>Finds leases in an open store, and remembers what it couldn't read. Members throw <see cref="StoreException"/>. Not thread-safe.</summary>
public sealed class LeaseSearch(IIpamStore store)
{
    private const int BlocksAtOnce = 256;

    private readonly List<DamagedBlock> _damaged = [];
    private readonly List<EndToNote> _ended = [];

    /// <summary>The damaged blocks that were met: their leases are missing in what was found.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _damaged;

    /// <summary>Whether <see cref="EndsToNote"/> are gathered.</summary>
    public bool GathersEnds { get; init; }

    /// <summary>The ends in the blocks that were met that no history may have yet, if they are gathered.</summary>
    public IReadOnlyList<EndToNote> EndsToNote => _ended;

    /// <summary>The leases that a filter names, by space and address; each as it is when its block is read.</summary>
    public async IAsyncEnumerable<Lease> ListAsync(LeaseFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(filter.Space), cancellationToken))
        {
            _damaged.AddRange(page.Damaged);
            foreach (var block in page)
            {
                Gather(block);
                foreach (var lease in block.Leases)
                {
                    if (filter.Matches(lease))
                        yield return lease;
                }
            }
        }
    }

    /// <summary>The addresses that cool down at a moment, in a space or in all, by space and address.</summary>
    public async IAsyncEnumerable<CoolingDown> CoolingAsync(string? space, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(space), cancellationToken))
        {
            _damaged.AddRange(page.Damaged);
            foreach (var block in page)
            {
                foreach (var cooling in block.EndCooldowns(now).Cooling)
                    yield return new CoolingDown(block.Id, block.Id.AddressAt(cooling.Offset), block.Node, cooling.Until);
            }
        }
    }

    /// <summary>The leases that lie in the subnet of some pool of a space, or of all, and in no pool's ranges, by space and address.</summary>
    public async IAsyncEnumerable<Lease> OutsidePoolsAsync(PoolCatalog catalog, string? space, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string, Address), Lease>();
        foreach (var pools in catalog.Pools.Where(pool => space is null || pool.Space == space).GroupBy(static pool => pool.Space))
        {
            var blocks = await store.ListSummariesAsync(new BlockFilter(pools.Key), cancellationToken);
            foreach (var pool in pools)
            {
                foreach (var lease in await OutsidePoolsAsync(catalog, pool, blocks, cancellationToken))
                    found[(lease.Space, lease.Address)] = lease;
            }
        }
        foreach (var lease in found.Values.OrderBy(static lease => lease.Space, StringComparer.Ordinal).ThenBy(static lease => lease.Address))
            yield return lease;
    }

    /// <summary>The leases of one address in a space, or in all if it is null, by space. Asked most often, at the start of a program: so without sets, which it would compile first.</summary>
    public async Task<IReadOnlyList<Lease>> OfAddressAsync(Address address, string? space, CancellationToken cancellationToken)
    {
        var spaces = space is null ? await store.ListSpacesAsync(cancellationToken) : [space];
        var leases = new List<Lease>();
        foreach (var some in spaces.Chunk(BlocksAtOnce))
        {
            var blocks = await store.ReadBlocksAsync(Array.ConvertAll(some, name => BlockId.Of(name, address)), cancellationToken);
            _damaged.AddRange(blocks.Damaged);
            foreach (var block in blocks)
            {
                Gather(block);
                if (block.LeaseOf(address) is { } lease)
                    leases.Add(lease);
            }
        }
        leases.Sort(static (x, y) => string.CompareOrdinal(x.Space, y.Space));
        return leases;
    }

    /// <summary>The leases of some addresses in a space, or in all if it is null, by space and address.</summary>
    public async Task<IReadOnlyList<Lease>> OfAddressesAsync(IReadOnlyCollection<Address> addresses, string? space, CancellationToken cancellationToken)
    {
        var spaces = space is null ? await store.ListSpacesAsync(cancellationToken) : [space];
        var wanted = addresses.ToHashSet();
        var leases = new List<Lease>();
        foreach (var ids in spaces.SelectMany(name => wanted.Select(address => BlockId.Of(name, address))).Distinct().Chunk(BlocksAtOnce))
        {
            var blocks = await store.ReadBlocksAsync(ids, cancellationToken);
            _damaged.AddRange(blocks.Damaged);
            leases.AddRange(blocks.SelectMany(static block => block.Leases).Where(lease => wanted.Contains(lease.Address)));
        }
        return [.. leases.OrderBy(static lease => lease.Space, StringComparer.Ordinal).ThenBy(static lease => lease.Address)];
    }

    /// <summary>The leases of pods of a name, as NAME or NAMESPACE/NAME, and of containers whose id begins so; in a space, or in all if it is null.</summary>
    public async Task<IReadOnlyList<Lease>> OfOwnerAsync(string name, string? space, CancellationToken cancellationToken)
    {
        var (pod, container) = (new LeaseFilter { Pod = name }, new LeaseFilter { Container = name });
        var found = new List<Lease>();
        await foreach (var lease in ListAsync(new LeaseFilter { Space = space }, cancellationToken))
        {
            if (pod.Matches(lease) || container.Matches(lease))
                found.Add(lease);
        }
        return found;
    }

    /// <summary>
    /// The leases inside a pool's subnets that lie in no pool's ranges, by address. Such leases are older than a change of the ranges, or they come
    /// from a configuration that has ranges of its own. Static leases are not among them: they belong wherever an admin put them.
    /// </summary>
    /// <param name="catalog">All pools.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="blocks">The blocks of its space.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<Lease>> OutsidePoolsAsync(
        PoolCatalog catalog, Pool pool, IReadOnlyList<BlockSummary> blocks, CancellationToken cancellationToken)
    {
        var subnets = PoolAddresses.OfSubnets(pool);
        var ranges = PoolAddresses.Of(catalog.Pools, pool.Space);
        var held = new HeldAddresses(blocks, block => subnets.HeldOf(block) & ~ranges.Of(block.Id));
        var wanted = held.All().ToHashSet();
        var leases = new List<Lease>();
        foreach (var ids in held.Blocks.Chunk(BlocksAtOnce))
        {
            var found = await store.ReadBlocksAsync(ids, cancellationToken);
            _damaged.AddRange(found.Damaged);
            foreach (var block in found)
                leases.AddRange(block.Leases.Where(lease => wanted.Contains(lease.Address) && !lease.Owner.IsOutside));
        }
        return [.. leases.OrderBy(static lease => lease.Address)];
    }

    private void Gather(Block block)
    {
        if (GathersEnds)
            _ended.AddRange(block.EndsToNote);
    }
}
