using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Looks for what doesn't add up in an open store. It reads while others write: what two blocks say together counts only if two more listings say it, too. Of what is
/// in order it keeps some bytes for each lease. Members throw <see cref="StoreException"/>. Not thread-safe.
/// </summary>
public sealed class DriftSearch(IIpamStore store)
{
    /// <summary>How many leases there are.</summary>
    public int Leases { get; private set; }

    /// <summary>
    /// How many leases lie in no pool's subnet although their space has pools: they come from configurations with ranges of their own, or from pools that were deleted.
    /// </summary>
    public int InNoPool { get; private set; }

    /// <summary>All that there is, by space and address.</summary>
    public async Task<IReadOnlyList<Drift>> FindAsync(CancellationToken cancellationToken)
    {
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var pools = catalog.Pools.GroupBy(static pool => pool.Space).ToDictionary(static pools => pools.Key, static pools => new PoolsOfSpace([.. pools], pools.Key));
        var (drift, seen) = (new List<Drift>(), new SeenLeases());
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            drift.AddRange(page.Damaged.Select(static block => new Drift(DriftKind.DamagedBlock, block.Id, null, block.Why)));
            foreach (var lease in page.SelectMany(static block => block.Leases))
            {
                Leases++;
                seen.Look(lease);
                if (pools.TryGetValue(lease.Space, out var some) && Judge(lease, some) is { } outside)
                    drift.Add(outside);
            }
        }
        if (seen.HasDoubts)
            drift.AddRange(await ConfirmAsync(seen, cancellationToken));
        return [.. drift.OrderBy(static one => one.Block?.Space, StringComparer.Ordinal).ThenBy(static one => one.Lease?.Address ?? one.Block?.AddressAt(0) ?? default)];
    }

    private Drift? Judge(Lease lease, PoolsOfSpace pools)
    {
        if (lease.Owner.IsOutside || pools.Ranges.Contains(lease.Space, lease.Address))
            return null;
        if (Array.Find(pools.Subnets, subnets => subnets.Addresses.Contains(lease.Space, lease.Address)) is { } pool)
        {
            return new Drift(
                DriftKind.OutsidePools, BlockId.Of(lease.Space, lease.Address), lease, $"it lies in the subnet of pool {pool.Name}, and in no pool's ranges");
        }
        InNoPool++;
        return null;
    }

    private async Task<IEnumerable<Drift>> ConfirmAsync(SeenLeases seen, CancellationToken cancellationToken)
    {
        var doubts = await DoubtsAsync(seen, cancellationToken);
        return doubts.Any ? doubts.Both(await DoubtsAsync(seen, cancellationToken)) : [];
    }

    private async Task<Doubts> DoubtsAsync(SeenLeases seen, CancellationToken cancellationToken)
    {
        var doubts = new Doubts();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            foreach (var lease in page.SelectMany(static block => block.Leases).Where(seen.IsDoubtful))
                doubts.Look(lease);
        }
        return doubts;
    }

    /// <summary>The pools of a space.</summary>
    private sealed class PoolsOfSpace(IReadOnlyList<Pool> pools, string space)
    {
        public AddressMask Ranges { get; } = PoolAddresses.Of(pools, space);

        public PoolSubnets[] Subnets { get; } = [.. pools.Select(static pool => new PoolSubnets(pool.Name, PoolAddresses.OfSubnets(pool)))];
    }

    private sealed record PoolSubnets(string Name, AddressMask Addresses);

    /// <summary>What two leases of a listing say together.</summary>
    private sealed class Doubts
    {
        private readonly Dictionary<(string Space, Address Address), Lease> _holders = [];
        private readonly Dictionary<(Owner Owner, int Entry), Lease> _entries = [];
        private readonly List<(DriftKind Kind, Lease One, Lease Other)> _all = [];

        public bool Any => _all.Count > 0;

        public void Look(Lease lease)
        {
            if (!_holders.TryAdd((lease.Space, lease.Address), lease))
                _all.Add((DriftKind.TwoOwners, lease, _holders[(lease.Space, lease.Address)]));
            else if (!_entries.TryAdd((lease.Owner, lease.Entry), lease))
                _all.Add((DriftKind.OwnerTwice, lease, _entries[(lease.Owner, lease.Entry)]));
        }

        public IEnumerable<Drift> Both(Doubts again) => _all.Where(doubt => again._all.Exists(other =>
            other.Kind == doubt.Kind && other.One.IsSameAs(doubt.One) && other.Other.IsSameAs(doubt.Other))).Select(DriftOf);

        private static Drift DriftOf((DriftKind Kind, Lease One, Lease Other) doubt) => new(
            doubt.Kind, BlockId.Of(doubt.One.Space, doubt.One.Address), doubt.One,
            doubt.Kind == DriftKind.TwoOwners
                ? $"the address is held by {doubt.One.Owner} and by {doubt.Other.Owner} with sequence {doubt.Other.Sequence}"
                : $"its owner holds {doubt.Other.Address} in space {doubt.Other.Space} for the same entry {doubt.One.Entry} of its request");
    }
}
