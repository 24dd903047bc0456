using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Reads the labels of nodes of the cluster.</summary>
internal sealed class NodeLabels(Func<IKubernetesClient> client) : INodeLabels
{
    private readonly PackageKind<V1Node> _kind = new("", "v1", "nodes");

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>?> ReadNodeLabelsAsync(string node, CancellationToken cancellationToken) =>
        await client().FindAsync(_kind, node, cancellationToken) is { } found
            ? new Dictionary<string, string>(found.Metadata?.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal)
            : null;
}
