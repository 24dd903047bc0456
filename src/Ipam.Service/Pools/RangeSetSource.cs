using System.Runtime.CompilerServices;
using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Service.Pools;

/// <summary>
/// The ranges that a configuration means at the moment (<see cref="RangeSetResolver"/>). Safe for use by several threads at once.
/// </summary>
internal sealed class RangeSetSource(PoolCatalogSource catalogs, NodeIdentity node, BlockAffinity usualAffinity)
{
    private readonly RangeSetResolver _resolver = new(usualAffinity);

    /// <summary>Who asks a configuration without pools: only these are for somebody.</summary>
    private readonly PoolAsker _anybody = new(node.Name, new Dictionary<string, string>());

    /// <summary>What was made of a configuration last. Most of what asks next wants the same.</summary>
    private readonly ConditionalWeakTable<IpamConfiguration, Resolved> _resolved = [];

    /// <summary>
    /// The ranges for a pod; null stands for any. Throws <see cref="CniException"/> (code 7) for a configuration that can't be used, and
    /// <see cref="StoreException"/> if the store fails.
    /// </summary>
    public async Task<RangeSets> GetAsync(PluginConfiguration plugin, AskingPod? pod, CancellationToken cancellationToken)
    {
        plugin = PodCidr.Fill(plugin, node.Name, () => node.PodCidrs);
        var configuration = plugin.Ipam;
        var catalog = await catalogs.GetAsync(cancellationToken);
        var asker = configuration.Pools.Count == 0 ? _anybody : new PoolAsker(node.Name, node.Labels) { Network = plugin.Network.Name, Pod = pod };
        if (_resolved.TryGetValue(configuration, out var last) && last.Catalog == catalog && last.Asker == asker)
            return last.Sets;
        // A store that lost its data has no pools: that is not the configuration's fault.
        if (configuration.Pools.Any(name => !catalog.Pools.Any(pool => pool.Name == name) && catalog.FindDamagedPool(name) is null))
            await catalogs.EnsureKeptAsync(catalog, cancellationToken);
        var sets = _resolver.Resolve(plugin, catalog, asker);
        _resolved.AddOrUpdate(configuration, new Resolved(catalog, asker, sets));
        return sets;
    }

    private sealed record Resolved(PoolCatalog Catalog, PoolAsker Asker, RangeSets Sets);
}
