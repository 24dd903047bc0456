using Ipam.Configuration.Keys;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Ranges;

/// <summary>
/// Turns what a configuration says into ranges: looks up its pools, takes out what is reserved, and fills in the affinity that suits the store. Immutable.
/// </summary>
/// <param name="usualAffinity">The affinity where none is said.</param>
public sealed class RangeSetResolver(BlockAffinity usualAffinity)
{
    /// <summary>The affinity that suits a store.</summary>
    public static BlockAffinity UsualAffinity(IIpamStore store) => store.IsSharedByNodes ? BlockAffinity.Node : BlockAffinity.None;

    /// <summary>
    /// The ranges for somebody who asks. A pool that isn't for it is there, but has no address to hand out, so that who holds one of its addresses already keeps it.
    /// </summary>
    /// <param name="plugin">The configuration.</param>
    /// <param name="catalog">The pools and reservations.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="choice">The pools that it chose in place of the configuration's; null if it chose none.</param>
    /// <exception cref="Cni.Protocol.CniException">The configuration can't be used (code 7), or the choice can't be met (code 101).</exception>
    /// <exception cref="StoreException">A pool that it names is damaged.</exception>
    public RangeSets Resolve(PluginConfiguration plugin, PoolCatalog catalog, PoolAsker asker, PoolChoice? choice = null)
    {
        var configuration = plugin.Ipam;
        var pools = (choice?.Pools ?? configuration.Pools).Select(name => Find(name, catalog, choice)).ToList();
        var space = SpaceOf(configuration, catalog, pools, choice);
        var reservations = catalog.Reservations.Where(reservation => reservation.Space == space).ToList();
        var masks = reservations.ToLookup(static reservation => reservation.OnRequest);
        List<AddressRange> reserved = [.. masks[false].SelectMany(static reservation => reservation.Addresses)];
        List<AddressRange> onRequest = [.. masks[true].SelectMany(static reservation => reservation.Addresses)];

        var obstacles = asker.ObstaclesOf(pools);
        var sets = configuration.RangeSets
            .Select(set => set.Select(range => range.Without(reserved).KeepingBack(onRequest).Under(WithAffinity(configuration.Policy))).ToArray())
            .Concat(ByFamily(pools.SelectMany(RangesOf))).ToList();
        if (pools.Count > 0)
            RangeSetReader.CheckFamilies(sets.Select(static set => set[0].Subnet.Address.Family), plugin.Network.Version);
        return new RangeSets(space, sets, pools.DistinctBy(static pool => pool.Name).ToDictionary(static pool => pool.Name), reservations, obstacles)
        {
            Choice = choice,
            Choosable = configuration.TakesPodAnnotations && choice is null ? [.. catalog.Pools.Where(pool => pool.Space == space).SelectMany(OpenRangesOf)] : null,
        };

        IEnumerable<AllocationRange> RangesOf(Pool pool) =>
            obstacles.ContainsKey(pool.Name) ? OpenRangesOf(pool).Select(static range => range.Closed()) : OpenRangesOf(pool);

        IEnumerable<AllocationRange> OpenRangesOf(Pool pool) =>
            PoolRanges.Of(pool with { Policy = WithAffinity(pool.Policy) }, reserved).Select(range => range.KeepingBack(onRequest));
    }

    private static Pool Find(string name, PoolCatalog catalog, PoolChoice? choice = null)
    {
        foreach (var pool in catalog.Pools)
        {
            if (pool.Name == name)
                return pool;
        }
        if (catalog.FindDamagedPool(name) is { } damaged)
            throw new StoreException(damaged.Why);
        if (choice is not null)
            throw choice.Refused($"there is no pool \"{name}\"", "see the pools with 'ipamctl pool list', and name one of them");
        throw InvalidConfiguration.Because(
            $"ipam: there is no pool \"{name}\"; create it with 'ipamctl pool create {name} --range SUBNET'",
            catalog.Pools.Count == 0 ? "there are no pools" : $"pools: {string.Join(", ", catalog.Pools.Select(static pool => pool.Name))}");
    }

    /// <summary>All addresses of an attachment are of one space.</summary>
    private static string SpaceOf(IpamConfiguration configuration, PoolCatalog catalog, List<Pool> pools, PoolChoice? choice)
    {
        // Who chooses pools doesn't choose the space: another one may be another network on the wire.
        var first = choice is null || configuration.Space is not null ? pools.FirstOrDefault()
            : configuration.Pools.Select(catalog.FindPool).FirstOrDefault(static pool => pool is not null) ?? Find(configuration.Pools[0], catalog);
        var space = configuration.Space ?? first?.Space ?? "default";
        foreach (var pool in pools)
        {
            if (pool.Space != space)
            {
                if (choice is not null)
                    throw choice.Refused($"pool \"{pool.Name}\" is of space \"{pool.Space}\", but the network is of space \"{space}\"", $"name pools of space \"{space}\"");
                throw InvalidConfiguration.Because(
                    $"ipam: pool \"{pool.Name}\" is of space \"{pool.Space}\", but the configuration is about space \"{space}\"; name pools of one space");
            }
        }
        return space;
    }

    private static IEnumerable<AllocationRange[]> ByFamily(IEnumerable<AllocationRange> ranges) =>
        ranges.GroupBy(static range => range.Subnet.Address.Family).Select(static family => family.ToArray());

    private AllocationPolicy WithAffinity(AllocationPolicy policy) => policy.Affinity is null ? policy with { Affinity = usualAffinity } : policy;
}
