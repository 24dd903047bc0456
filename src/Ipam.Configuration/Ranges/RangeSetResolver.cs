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
    /// <exception cref="Cni.Protocol.CniException">The configuration can't be used (code 7).</exception>
    /// <exception cref="StoreException">A pool that it names is damaged.</exception>
    public RangeSets Resolve(PluginConfiguration plugin, PoolCatalog catalog, PoolAsker asker)
    {
        var configuration = plugin.Ipam;
        var pools = configuration.Pools.Select(name => Find(name, catalog)).ToList();
        var space = SpaceOf(configuration, pools);
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
        return new RangeSets(space, sets, pools.DistinctBy(static pool => pool.Name).ToDictionary(static pool => pool.Name), reservations, obstacles);

        IEnumerable<AllocationRange> RangesOf(Pool pool)
        {
            var ranges = PoolRanges.Of(pool with { Policy = WithAffinity(pool.Policy) }, reserved).Select(range => range.KeepingBack(onRequest));
            return obstacles.ContainsKey(pool.Name) ? ranges.Select(static range => range.Closed()) : ranges;
        }
    }

    private static Pool Find(string name, PoolCatalog catalog)
    {
        foreach (var pool in catalog.Pools)
        {
            if (pool.Name == name)
                return pool;
        }
        if (catalog.FindDamagedPool(name) is { } damaged)
            throw new StoreException(damaged.Why);
        throw InvalidConfiguration.Because(
            $"ipam: there is no pool \"{name}\"; create it with 'ipamctl pool create {name} --range SUBNET'",
            catalog.Pools.Count == 0 ? "there are no pools" : $"pools: {string.Join(", ", catalog.Pools.Select(static pool => pool.Name))}");
    }

    /// <summary>All addresses of an attachment are of one space.</summary>
    private static string SpaceOf(IpamConfiguration configuration, List<Pool> pools)
    {
        var space = configuration.Space ?? (pools.Count > 0 ? pools[0].Space : "default");
        foreach (var pool in pools)
        {
            if (pool.Space != space)
            {
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
