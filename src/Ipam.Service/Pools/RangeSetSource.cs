using System.Runtime.CompilerServices;
using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Service.Pools;

/// <summary>
/// The ranges that a configuration means at the moment (<see cref="RangeSetResolver"/>). Safe for use by several threads at once.
/// </summary>
internal sealed class RangeSetSource(PoolCatalogSource catalogs, PodLookup lookup, NodeIdentity node, BlockAffinity usualAffinity)
{
    private readonly RangeSetResolver _resolver = new(usualAffinity);

    /// <summary>Who asks a configuration without pools: only these are for somebody.</summary>
    private readonly PoolAsker _anybody = new(node.Name, new Dictionary<string, string>());

    /// <summary>What was made of a configuration last. Most of what asks next wants the same.</summary>
    private readonly ConditionalWeakTable<IpamConfiguration, Resolved> _resolved = [];

    /// <summary>
    /// The ranges for a pod; null stands for any. Throws <see cref="CniException"/> for a configuration that can't be used (code 7), or a choice of the pod's that can't be
    /// met, and <see cref="StoreException"/> if the store fails, or what it depends on can't be read of the pod.
    /// </summary>
    public async Task<RangeSets> GetAsync(PluginConfiguration plugin, AskingPod? pod, CancellationToken cancellationToken)
    {
        plugin = PodCidr.Fill(plugin, node.Name, () => node.PodCidrs);
        var configuration = plugin.Ipam;
        var catalog = await catalogs.GetAsync(cancellationToken);
        var look = lookup.Begin(configuration, pod);
        var choice = await look.ChoiceAsync(cancellationToken);
        var last = _resolved.TryGetValue(configuration, out var resolved) && resolved.IsOf(catalog, choice) ? resolved : null;
        var pools = last?.Pools ?? await FindAsync(choice?.Pools ?? configuration.Pools, catalog, cancellationToken);
        var asker = configuration.Pools.Count == 0 ? _anybody : new PoolAsker(node.Name, node.Labels) { Network = plugin.Network.Name, Pod = pod };
        asker = await look.CompleteAsync(asker, pools, cancellationToken);
        if (last is not null && asker.ObstaclesOf(pools) is var obstacles && last.IsFor(obstacles))
            return obstacles.Count == 0 && choice is null ? last.Sets : last.Sets with { ObstacleOf = obstacles, Choice = choice };
        var sets = _resolver.Resolve(plugin, catalog, asker, choice);
        _resolved.AddOrUpdate(configuration, new Resolved(catalog, choice, pools, sets));
        return sets;
    }

    /// <summary>Those of the pools that are there and whole.</summary>
    private async Task<IReadOnlyList<Pool>> FindAsync(IReadOnlyList<string> names, PoolCatalog catalog, CancellationToken cancellationToken)
    {
        // A store that lost its data has no pools: that is not the configuration's fault.
        if (names.Any(name => catalog.FindPool(name) is null && catalog.FindDamagedPool(name) is null))
            await catalogs.EnsureKeptAsync(catalog, cancellationToken);
        return [.. names.Select(catalog.FindPool).OfType<Pool>()];
    }

    private sealed record Resolved(PoolCatalog Catalog, PoolChoice? Choice, IReadOnlyList<Pool> Pools, RangeSets Sets)
    {
        /// <summary>Whether it was made of these pools, for one who chose the same of them.</summary>
        public bool IsOf(PoolCatalog catalog, PoolChoice? choice) =>
            Catalog == catalog && (choice is null ? Choice is null : Choice is not null && Choice.Pools.SequenceEqual(choice.Pools));

        /// <summary>Whether the same pools are closed to who has these obstacles.</summary>
        public bool IsFor(IReadOnlyDictionary<string, string> obstacles) =>
            obstacles.Count == Sets.ObstacleOf.Count && obstacles.Keys.All(Sets.ObstacleOf.ContainsKey);
    }
}
