using System.Runtime.CompilerServices;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;

namespace Ipam.Service.Pools;

/// <summary>
/// Turns what a configuration says into ranges: looks up its pools, takes out what is reserved, and fills in the affinity that suits the
/// store. Safe for use by several threads at once.
/// </summary>
internal sealed class RangeSetSource(PoolCatalogSource catalogs, NodeIdentity node, BlockAffinity usualAffinity)
{
    /// <summary>Stands for the namespace of any pod. No request can say it: a text of CNI_ARGS ends at a semicolon.</summary>
    public const string AnyNamespace = ";";

    /// <summary>What was made of a configuration last. Most of what asks next wants the same.</summary>
    private readonly ConditionalWeakTable<IpamConfiguration, Resolved> _resolved = [];

    /// <summary>
    /// The ranges for a pod of a namespace, which is null if it isn't known, or <see cref="AnyNamespace"/>. A pool that isn't for it is there, but has no address to
    /// hand out, so that who holds one of its addresses already keeps it. Throws <see cref="CniException"/> (code 7) for a configuration
    /// that can't be used, and <see cref="StoreException"/> if the store fails.
    /// </summary>
    public async Task<RangeSets> GetAsync(PluginConfiguration plugin, string? podNamespace, CancellationToken cancellationToken)
    {
        var configuration = plugin.Ipam;
        var catalog = await catalogs.GetAsync(cancellationToken);
        var asker = configuration.Pools.Count == 0 ? null : podNamespace;
        // Only pools are for certain nodes.
        var labels = configuration.Pools.Count == 0 ? null : node.Labels;
        if (_resolved.TryGetValue(configuration, out var last) && last.Catalog == catalog && last.Labels == labels && last.PodNamespace == asker)
            return last.Sets;
        // A store that lost its data has no pools: that is not the configuration's fault.
        if (configuration.Pools.Any(name => !catalog.Pools.Any(pool => pool.Name == name) && catalog.FindDamagedPool(name) is null))
            await catalogs.EnsureKeptAsync(catalog, cancellationToken);
        var sets = Resolve(configuration, plugin.Network, catalog, asker);
        _resolved.AddOrUpdate(configuration, new Resolved(catalog, labels, asker, sets));
        return sets;
    }

    private RangeSets Resolve(IpamConfiguration configuration, NetworkConfiguration network, PoolCatalog catalog, string? podNamespace)
    {
        var pools = configuration.Pools.Select(name => Find(name, catalog)).ToList();
        var space = SpaceOf(configuration, pools);
        var reservations = catalog.Reservations.Where(reservation => reservation.Space == space).ToList();
        List<AddressRange> reserved = [.. reservations.SelectMany(static reservation => reservation.Addresses)];

        var obstacles = new List<string>();
        var sets = configuration.RangeSets
            .Select(set => set.Select(range => range.Without(reserved).Under(WithAffinity(configuration.Policy))).ToArray())
            .Concat(ByFamily(pools.SelectMany(pool => RangesOf(pool, reserved, podNamespace, obstacles)))).ToList();
        if (pools.Count > 0)
            RangeSetReader.CheckFamilies(sets.Select(static set => set[0].Subnet.Address.Family), network.Version);
        return new RangeSets(space, sets, pools.DistinctBy(static pool => pool.Name).ToDictionary(static pool => pool.Name), reservations, obstacles);
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

    private AllocationRange[] RangesOf(Pool pool, List<AddressRange> reserved, string? podNamespace, List<string> obstacles)
    {
        var ranges = PoolRanges.Of(pool with { Policy = WithAffinity(pool.Policy) }, reserved);
        if (PoolUse.Obstacle(pool, node, podNamespace) is not { } obstacle)
            return [.. ranges];
        obstacles.Add(obstacle);
        return [.. ranges.Select(static range => range.Closed())];
    }

    private static IEnumerable<AllocationRange[]> ByFamily(IEnumerable<AllocationRange> ranges) =>
        ranges.GroupBy(static range => range.Subnet.Address.Family).Select(static family => family.ToArray());

    private AllocationPolicy WithAffinity(AllocationPolicy policy) => policy.Affinity is null ? policy with { Affinity = usualAffinity } : policy;

    private sealed record Resolved(PoolCatalog Catalog, IReadOnlyDictionary<string, string>? Labels, string? PodNamespace, RangeSets Sets);
}
