using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Explanations;

/// <summary>Finds out who a pod or a container is: where it runs, and what it holds. Throws <see cref="StoreException"/>.</summary>
/// <param name="store">The store, open.</param>
public sealed class SubjectFinder(IIpamStore store)
{
    private readonly LeaseSearch _search = new(store);
    private readonly List<string> _notes = [];

    /// <summary>What couldn't be asked.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The damaged blocks that were met: what it holds there isn't known.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _search.Damaged;

    /// <summary>A pod; null if neither the store nor its cluster knows it.</summary>
    public async Task<Subject?> PodAsync(string name, string? node, CancellationToken cancellationToken)
    {
        var held = await LeasesAsync(new LeaseFilter { Pod = name }, cancellationToken);
        var (@namespace, pod) = (name.Split('/')[0], name.Split('/')[1]);
        var (isKnown, found) = await InClusterAsync(@namespace, pod, cancellationToken);
        if (isKnown && found is null && held.Count == 0)
            return null;
        var place = node ?? (found?.Node is { Length: > 0 } bound ? bound : held.Count > 0 ? held[0].Node : "");
        return new Subject(name, new AskingPod(@namespace, pod), held.Count > 0 ? held[0].Owner.ContainerId : "", place, held);
    }

    /// <summary>The containers whose id begins so, and that hold something.</summary>
    public async Task<IReadOnlyList<Subject>> ContainersAsync(string id, string? node, CancellationToken cancellationToken)
    {
        var held = await LeasesAsync(new LeaseFilter { Container = id }, cancellationToken);
        return
        [
            .. held.GroupBy(static lease => lease.Owner.ContainerId).Select(leases =>
            {
                var first = leases.First();
                var asking = first.Pod is { } pod ? new AskingPod(pod.Namespace, pod.Name, pod.Uid.Length > 0 ? pod.Uid : null) : new AskingPod(null);
                return new Subject(first.Pod?.ToString() ?? "", asking, leases.Key, node ?? first.Node, [.. leases]);
            }),
        ];
    }

    private async Task<IReadOnlyList<Lease>> LeasesAsync(LeaseFilter filter, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        await foreach (var lease in _search.ListAsync(filter, cancellationToken))
        {
            // What is kept for its owner no container has.
            if (!lease.Owner.IsKept)
                leases.Add(lease);
        }
        return leases;
    }

    /// <summary>The pod as the store's cluster has it, and whether that is known.</summary>
    private async Task<(bool IsKnown, ClusterPod? Pod)> InClusterAsync(string @namespace, string pod, CancellationToken cancellationToken)
    {
        if (store.Cluster is not { } cluster)
            return (false, null);
        try
        {
            return (true, await cluster.FindPodAsync(@namespace, pod, cancellationToken));
        }
        catch (StoreException e)
        {
            _notes.Add($"on which node the pod is can't be asked: {e.Message}");
            return (false, null);
        }
    }
}
