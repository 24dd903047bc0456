using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>The nodes and pods of the cluster, as etcd has them: no listing names a resourceVersion that a cache could answer with.</summary>
/// <param name="client">The client.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
internal sealed class Cluster(Func<IKubernetesClient> client, int objectsPerPage) : ICluster
{
    private static readonly ClusterNodeKind Nodes = new();
    private static readonly ClusterPodKind Pods = new();

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken) =>
        (await Listing().ListAsync(Nodes, [null], cancellationToken)).ToDictionary(static node => node.Name, static node => node.Uid, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken) =>
        (await client().GetAsync(Nodes, node, cancellationToken))?.Uid;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken) => Listing().ListAsync(Pods, [null], cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Resource.IsName(@namespace) ? await client().GetAsync(new ClusterPodKind(@namespace), name, cancellationToken) : null;

    private MomentListing Listing() => new(client(), objectsPerPage);
}
