using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// A last look at an owner right before its lease is released, for the time of one pass. Each node is looked at once. Not thread-safe.
/// </summary>
internal sealed class FreshLook(IIpamStore store, NodeReports reports)
{
    private readonly Dictionary<string, string?> _signs = [];

    /// <summary>What is found now: alive, or what was found before.</summary>
    /// <exception cref="StoreException">The store or the cluster failed.</exception>
    public async Task<Evidence> AtAsync(LeakRelease release, CancellationToken cancellationToken)
    {
        var (lease, node) = (release.Lease, release.Lease.Node);
        if (!_signs.TryGetValue(node, out var sign))
            _signs.Add(node, sign = await SignOfAsync(node, cancellationToken));
        if (sign is not null)
            return Evidence.Alive(sign);
        if (lease.Pod is not { } pod || store.Cluster is not { } cluster)
            return release.Evidence;
        var found = await cluster.FindPodAsync(pod.Namespace, pod.Name, cancellationToken);
        var isAlive = found is { HasEnded: false } && found.Is(pod);
        return isAlive ? Evidence.Alive($"the cluster has the pod {pod}") : release.Evidence;
    }

    /// <summary>A sign that the node is there; null for none.</summary>
    private async Task<string?> SignOfAsync(string node, CancellationToken cancellationToken)
    {
        var before = reports.EntryOf(node) is { HasStopped: false } entry ? entry : null;
        if (await store.Nodes.FindAsync(node, cancellationToken) != before)
            return $"ipamd of node {node} reports";
        var isThere = store.Cluster is { } cluster && await cluster.FindNodeAsync(node, cancellationToken) is { } uid && reports.IsFound(node, uid);
        return isThere ? $"the cluster has the node {node}" : null;
    }
}
