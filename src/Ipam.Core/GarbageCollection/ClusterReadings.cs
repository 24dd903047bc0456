using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>Evidence by the lists of a cluster.</summary>
internal static class ClusterReadings
{
    /// <summary>
    /// A node that has gone from the cluster it was in is gone, with all its containers. One that the cluster has may have containers that nobody sees. One that
    /// the cluster never had, as its ipamd found, says nothing: its name is another one there. Nor does one that was made anew under the name say anything of the
    /// containers of the former one: that may be the same machine.
    /// </summary>
    public static Evidence OfNode(string node, IReadOnlyDictionary<string, string> nodes, NodeReports reports) =>
        nodes.TryGetValue(node, out var uid) ? reports.IsFound(node, uid) ? Evidence.Alive($"the cluster has the node {node}") : Evidence.Unknown
        : reports.EntryOf(node) is { ClusterUid.Length: > 0 } ? Evidence.Gone("node_deleted", $"the cluster has no node {node} any more")
        : Evidence.Unknown;

    /// <summary>A list of all nodes, as a reading.</summary>
    public static Reading OfNodes(IReadOnlyDictionary<string, string> nodes, NodeReports reports, long beganAt, long endedAt) =>
        new("nodes", beganAt, endedAt, lease => OfNode(lease.Node, nodes, reports)) { Size = nodes.Count };

    /// <summary>
    /// A pod lives if the cluster has it under its UID, or under its name where the runtime told none, or has any pod with the address. Of a pod that is gone the
    /// containers may go on where their node can't be reached: that is for the other readings to say.
    /// </summary>
    public static Reading OfPods(IReadOnlyList<ClusterPod> pods, long beganAt, long endedAt)
    {
        var living = pods.Where(static pod => !pod.HasEnded).ToArray();
        var uids = living.SelectMany(static pod => pod.Uids).ToHashSet(StringComparer.Ordinal);
        var names = living.Select(static pod => (pod.Namespace, pod.Name)).ToHashSet();
        var addresses = living.SelectMany(static pod => pod.Addresses).ToHashSet();
        return new Reading("pods", beganAt, endedAt, lease => Of(lease, uids, names, addresses)) { Size = pods.Count };
    }

    private static Evidence Of(Lease lease, HashSet<string> uids, HashSet<(string Namespace, string Name)> names, HashSet<Address> addresses)
    {
        if (addresses.Contains(lease.Address))
            return Evidence.Alive($"a pod has the address {lease.Address}");
        if (lease.Pod is not { } pod)
            return Evidence.Unknown;
        var isThere = pod.Uid.Length > 0 ? uids.Contains(pod.Uid) : names.Contains((pod.Namespace, pod.Name));
        return isThere ? Evidence.Alive($"the cluster has the pod {pod}")
            : Evidence.Gone("pod_gone", $"the cluster has no pod {pod}{(pod.Uid.Length > 0 ? $" with UID {pod.Uid}" : "")}, and nobody answers for node {lease.Node}");
    }
}
