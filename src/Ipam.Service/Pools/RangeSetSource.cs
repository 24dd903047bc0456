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

    /// <summary>The node's labels for a configuration without pools: only these are for somebody.</summary>
    private readonly Dictionary<string, string> _noMatter = [];

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
        var last = _resolved.TryGetValue(configuration, out var resolved) && resolved.Catalog == catalog ? resolved : null;
        var labels = configuration.Pools.Count == 0 ? _noMatter : node.Labels;
        pod = configuration.Pools.Count == 0 ? null : pod;
        if (last?.IsForAllLike(labels, pod) == true)
            return last.Sets;
        var look = lookup.Begin(configuration, pod);
        var choice = await look.ChoiceAsync(cancellationToken);
        var same = last?.IsOf(choice) == true ? last : null;
        var pools = same?.Pools ?? await FindAsync(choice?.Pools ?? configuration.Pools, catalog, cancellationToken);
        var asker = await look.CompleteAsync(new PoolAsker(node.Name, labels) { Network = plugin.Network.Name, Pod = pod }, pools, cancellationToken);
        if (same is not null && asker.ObstaclesOf(pools) is var obstacles && same.IsFor(obstacles))
            return same.Sets with { ObstacleOf = obstacles, Choice = choice };
        var sets = _resolver.Resolve(plugin, catalog, asker, choice);
        var isOfPod = configuration.TakesPodAnnotations || pools.Any(static pool => !pool.PodSelector.IsEmpty || !pool.NamespaceSelector.IsEmpty);
        _resolved.AddOrUpdate(configuration, new Resolved(catalog, labels, pod, isOfPod, choice, pools, sets));
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

    /// <summary>What was made of a configuration.</summary>
    /// <param name="Catalog">The pools and reservations.</param>
    /// <param name="NodeLabels">The node's labels.</param>
    /// <param name="Pod">The pod that asked; null for any.</param>
    /// <param name="IsOfPod">Whether it depends on more of the pod than the name of its namespace.</param>
    /// <param name="Choice">What the pod chose.</param>
    /// <param name="Pools">The pools.</param>
    /// <param name="Sets">What came of it.</param>
    private sealed record Resolved(
        PoolCatalog Catalog, IReadOnlyDictionary<string, string> NodeLabels, AskingPod? Pod, bool IsOfPod, PoolChoice? Choice, IReadOnlyList<Pool> Pools, RangeSets Sets)
    {
        /// <summary>Whether it is for all pods of this one's namespace, on a node with these labels. Most ADDs ask for no more.</summary>
        public bool IsForAllLike(IReadOnlyDictionary<string, string> nodeLabels, AskingPod? pod) =>
            !IsOfPod && NodeLabels == nodeLabels && (pod is null) == (Pod is null) && pod?.Namespace == Pod?.Namespace;

        /// <summary>Whether it was made for one who chose the same pools.</summary>
        public bool IsOf(PoolChoice? choice) => choice is null ? Choice is null : Choice is not null && Choice.Pools.SequenceEqual(choice.Pools);

        /// <summary>Whether the same pools are closed to who has these obstacles.</summary>
        public bool IsFor(IReadOnlyDictionary<string, string> obstacles) =>
            obstacles.Count == Sets.ObstacleOf.Count && obstacles.Keys.All(Sets.ObstacleOf.ContainsKey);
    }
}
