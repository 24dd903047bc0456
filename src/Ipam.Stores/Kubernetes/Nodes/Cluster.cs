using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.IpamClaims;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>The nodes and pods of the cluster, as etcd has them: no listing names a resourceVersion that a cache could answer with.</summary>
/// <param name="client">The client.</param>
/// <param name="nodesPerPage">Nodes asked for in one request of a listing.</param>
/// <param name="podsPerPage">Pods asked for in one request of a listing.</param>
internal sealed class Cluster(Func<IKubernetesClient> client, int nodesPerPage, int podsPerPage) : ICluster
{
    /// <summary>Every cluster has it, and it is never made anew: its UID stands for the cluster's, as in other programs.</summary>
    private const string OldestNamespace = "kube-system";

    private const string MachineGroup = "kubevirt.io";

    private static readonly ClusterObjectKind Namespaces = new("namespaces");
    private static readonly ClusterObjectKind Nodes = new("nodes");
    private static readonly ClusterPodKind Pods = new();
    private static readonly ClusterObjectKind Definitions = new("customresourcedefinitions", "apiextensions.k8s.io");

    /// <inheritdoc/>
    public async Task<string> ReadUidAsync(CancellationToken cancellationToken) =>
        (await client().GetAsync(Namespaces, OldestNamespace, cancellationToken))?.Uid
        ?? throw new StoreException($"the Kubernetes API shows no namespace {OldestNamespace}, whose UID tells one cluster from another");

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken) =>
        (await Listing(nodesPerPage).ListAsync(Nodes, [null], cancellationToken)).ToDictionary(static node => node.Name, static node => node.Uid, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken) =>
        (await client().GetAsync(Nodes, node, cancellationToken))?.Uid;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken) =>
        Listing(podsPerPage).ListAsync(Pods, [null], cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Resource.IsName(@namespace) ? await client().GetAsync(new ClusterPodKind(@namespace), name, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task<bool?> HasAsync(StickyOwner owner, CancellationToken cancellationToken) => owner.Kind switch
    {
        StickyKind.StatefulSet => await HasAsync(new ClusterObjectKind("statefulsets", "apps", owner.Namespace), owner, cancellationToken),
        StickyKind.VirtualMachine => await HasMachineAsync(owner, cancellationToken),
        StickyKind.IPAMClaim => await HasClaimAsync(owner, cancellationToken),
        _ => null,
    };

    /// <summary>As for machines. One that was made anew under the name is another one.</summary>
    private async Task<bool?> HasClaimAsync(StickyOwner owner, CancellationToken cancellationToken)
    {
        if (await client().GetAsync(Definitions, IpamClaimKind.Definition, cancellationToken) is null)
            return null;
        return Resource.IsName(owner.Namespace) && Resource.IsName(owner.Name) && (await client().GetAsync(new IpamClaimKind(owner.Namespace), owner.Name, cancellationToken))?.Uid == owner.Uid;
    }

    /// <summary>One that isn't there is gone only in a cluster that knows machines: a server that begins may not know them yet.</summary>
    private async Task<bool?> HasMachineAsync(StickyOwner owner, CancellationToken cancellationToken)
    {
        foreach (var plural in (string[])["virtualmachines", "virtualmachineinstances"])
        {
            if (await client().GetAsync(Definitions, $"{plural}.{MachineGroup}", cancellationToken) is null)
                return null;
            if (await HasAsync(new ClusterObjectKind(plural, MachineGroup, owner.Namespace), owner, cancellationToken))
                return true;
        }
        return false;
    }

    private async Task<bool> HasAsync(ClusterObjectKind kind, StickyOwner owner, CancellationToken cancellationToken) =>
        Resource.IsName(owner.Namespace) && Resource.IsName(owner.ObjectName) && await client().GetAsync(kind, owner.ObjectName, cancellationToken) is not null;

    private MomentListing Listing(int objectsPerPage) => new(client(), objectsPerPage);
}
