using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>
/// The cluster that a store belongs to: evidence of who lives. Every list is of one moment, read from the source of truth and not from a cache, and whole; else
/// the call fails. Members may be called from several threads at once, and throw <see cref="StoreException"/> when the cluster fails or refuses.
/// </summary>
public interface ICluster
{
    /// <summary>The cluster's own UID: no other one has it.</summary>
    Task<string> ReadUidAsync(CancellationToken cancellationToken);

    /// <summary>The UIDs of all nodes, by name.</summary>
    Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken);

    /// <summary>The UID of a node; null if there is none of that name.</summary>
    Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>All pods of all namespaces.</summary>
    Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken);

    /// <summary>A pod; null if there is none of that name.</summary>
    Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>Whether there is the object that a sticky owner ends with; null where it can't be said, as there is none, or its kind isn't known.</summary>
    Task<bool?> HasAsync(StickyOwner owner, CancellationToken cancellationToken);
}

/// <summary>What a cluster says of a pod.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uids">
/// What runtimes may call it: its UID; of the mirror of a static pod also the hash of its configuration, which the kubelet passes to the runtime as UID.
/// </param>
/// <param name="Node">The node that it is bound to; empty if it is bound to none.</param>
/// <param name="HasEnded">Whether all its containers have ended for good (phase Succeeded or Failed).</param>
/// <param name="Addresses">
/// All addresses that the cluster shows of it: those of its status, and those in the status of its networks (annotation
/// <c>k8s.v1.cni.cncf.io/network-status</c>). What is no address there is left out.
/// </param>
public sealed record ClusterPod(
    string Namespace, string Name, IReadOnlyList<string> Uids, string Node, bool HasEnded, IReadOnlyList<Address> Addresses)
{
    /// <summary>Whether this is the pod that a lease names, and not another one that took its name: by UID, if the lease has one.</summary>
    public bool Is(PodReference pod) => Name == pod.Name && Namespace == pod.Namespace && (pod.Uid.Length == 0 || Uids.Contains(pod.Uid, StringComparer.Ordinal));
}
