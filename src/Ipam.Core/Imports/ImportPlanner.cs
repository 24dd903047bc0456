using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Imports;

/// <summary>
/// Says what becomes of addresses that were found, before anything is written. Reads all blocks once; memory grows with what was found, not with the store. Throws
/// <see cref="StoreException"/>. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="policy">How to plan.</param>
/// <param name="time">The clock, for when the leases begin.</param>
public sealed class ImportPlanner(IIpamStore store, ImportPolicy policy, TimeProvider time)
{
    private readonly Dictionary<Address, Lease> _held = [];
    private readonly Dictionary<Owner, List<Lease>> _leases = [];
    private readonly Dictionary<BlockId, DamagedBlock> _damaged = [];
    private List<(Pool Pool, AddressMask Addresses)> _pools = [];

    /// <summary>Whether the space has a pool. Without one it isn't known which addresses are the store's to hand out.</summary>
    public bool HasPools => _pools.Count > 0;

    /// <summary>The plan for each network, by name.</summary>
    /// <exception cref="StoreException">The store failed, or has a damaged block of which not even the addresses are known.</exception>
    public async Task<IReadOnlyList<NetworkPlan>> PlanAsync(IReadOnlyList<FoundAddress> found, CancellationToken cancellationToken)
    {
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        _pools = [.. catalog.Pools.Where(pool => pool.Space == policy.Space).Select(static pool => (pool, PoolAddresses.Of(pool)))];
        await ReadLeasesAsync(found, cancellationToken);
        var claims = found.Where(static one => one.Address is not null).ToLookup(static one => one.Address!.Value);
        var ofOwners = found.Where(static one => one is { Owner: not null, Address: not null }).ToLookup(static one => one.Owner!);
        var entries = new Dictionary<FoundAddress, int>(ReferenceEqualityComparer.Instance);
        foreach (var (one, entry) in ofOwners.SelectMany(EntriesOf))
            entries.Add(one, entry);
        return
        [
            .. found.GroupBy(static one => one.Network).OrderBy(static network => network.Key, StringComparer.Ordinal).Select(network => Judge(
                network.Key,
                [
                    .. network.OrderBy(static one => one.Address ?? default).ThenBy(static one => one.Where, StringComparer.Ordinal)
                        .Select(one => Plan(one, claims, ofOwners, entries)),
                ])),
        ];
    }

    private NetworkPlan Judge(string name, IReadOnlyList<PlannedAddress> addresses)
    {
        var blocker = policy.IsAllOrNothing
            ? addresses.FirstOrDefault(address => address.State is ImportState.Conflict or ImportState.Unknown
                || (address.State == ImportState.OutsidePools && policy.OutsidePools == OutsidePoolsPolicy.Refuse))
            : null;
        return new NetworkPlan(name, addresses, blocker);
    }

    private PlannedAddress Plan(
        FoundAddress found, ILookup<Address, FoundAddress> claims, ILookup<Owner, FoundAddress> ofOwners, Dictionary<FoundAddress, int> entries)
    {
        if (found.Flaw is { } flaw)
            return new PlannedAddress(found, ImportState.Unknown, flaw);
        if (found is not { Address: { } address, Owner: { } owner })
            return new PlannedAddress(found, ImportState.Unknown, "it says neither an address nor who has it");
        var pool = _pools.Find(pool => pool.Addresses.Contains(policy.Space, address)).Pool;
        if (pool is null && policy.OutsidePools != OutsidePoolsPolicy.Take)
            return new PlannedAddress(found, ImportState.OutsidePools, WhyOutside(address));
        if (_damaged.TryGetValue(BlockId.Of(policy.Space, address), out var damage))
            return new PlannedAddress(found, ImportState.Conflict, $"whether it is free can't be said: {damage.Why}");
        var same = claims[address].ToList();
        if (same.Find(other => !ReferenceEquals(other, found) && other.Owner != owner && !IsSamePod(other, found)) is { } rival)
            return new PlannedAddress(found, ImportState.Conflict, $"it was found for another one, too: {rival.Where}");
        if (!ReferenceEquals(same[0], found))
            return new PlannedAddress(found, ImportState.There, $"it was found before: {same[0].Where}");
        if (_held.TryGetValue(address, out var lease))
        {
            return found.IsHeldBy(lease)
                ? new PlannedAddress(found, ImportState.There, "")
                : new PlannedAddress(found, ImportState.Conflict, $"it is held by {lease.Owner}{(lease.Pod is { } holder ? $" for the pod {holder}" : "")}");
        }
        var mine = ofOwners[owner].Select(static one => one.Address!.Value).ToHashSet();
        if (_leases.GetValueOrDefault(owner)?.Find(held => held.Space != policy.Space || !mine.Contains(held.Address)) is { } other)
            return new PlannedAddress(found, ImportState.Conflict, $"its owner holds {other.Address} in space {other.Space} by now");
        return new PlannedAddress(found, ImportState.Take, "", LeaseOf(found, address, owner, entries[found], pool));
    }

    private string WhyOutside(Address address) => _pools.Find(pool => PoolAddresses.OfSubnets(pool.Pool).Contains(policy.Space, address)).Pool is { } near
        ? $"pool {near.Name} doesn't hand it out: it is a gateway or excluded there, or lies outside of its ranges"
        : $"it lies in no pool of space {policy.Space}";

    private static bool IsSamePod(FoundAddress one, FoundAddress other) => one.Pod is { } pod && pod == other.Pod;

    private Lease LeaseOf(FoundAddress found, Address address, Owner owner, int entry, Pool? pool) => new()
    {
        Space = policy.Space,
        Address = address,
        Owner = owner,
        Entry = entry,
        Sequence = 1,
        Node = found.Node,
        Pod = found.Pod,
        NetworkNamespace = found.NetworkNamespace.Length > 0 ? found.NetworkNamespace : ImportedOwner.Mark(policy.Source),
        NamespaceIdentity = found.NamespaceIdentity,
        AcquiredAt = time.GetUtcNow(),
        Cooldown = pool?.Policy.Cooldown ?? TimeSpan.Zero,
    };

    /// <summary>Each of an owner's addresses gets an entry of its own: the one it had, if that is known, or the next in order of the addresses.</summary>
    private IEnumerable<(FoundAddress Found, int Entry)> EntriesOf(IGrouping<Owner, FoundAddress> ofOwner)
    {
        var held = _leases.GetValueOrDefault(ofOwner.Key) ?? [];
        var used = held.Select(static lease => lease.Entry).ToHashSet();
        foreach (var one in ofOwner.OrderBy(static one => one.Entry ?? int.MaxValue).ThenBy(static one => one.Address))
        {
            var entry = one.Entry ?? 0;
            while (!used.Add(entry))
                entry++;
            yield return (one, entry);
        }
    }

    private async Task ReadLeasesAsync(IReadOnlyList<FoundAddress> found, CancellationToken cancellationToken)
    {
        var addresses = found.Select(static one => one.Address).OfType<Address>().ToHashSet();
        var owners = found.Select(static one => one.Owner).OfType<Owner>().ToHashSet();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            foreach (var damage in page.Damaged)
                _damaged[damage.Id ?? throw StoreException.About("say which addresses are held", damage)] = damage;
            foreach (var lease in page.SelectMany(static block => block.Leases))
            {
                if (lease.Space == policy.Space && addresses.Contains(lease.Address))
                    _held[lease.Address] = lease;
                if (!owners.Contains(lease.Owner))
                    continue;
                if (!_leases.TryGetValue(lease.Owner, out var leases))
                    _leases.Add(lease.Owner, leases = []);
                leases.Add(lease);
            }
        }
    }
}
