using Ipam.Core.Addresses;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Reads nodes of the cluster.</summary>
internal sealed class NodeFactsReader(Func<IKubernetesClient> client) : INodeFacts
{
    private readonly PackageKind<V1Node> _kind = new("", "v1", "nodes");

    /// <inheritdoc/>
    public async Task<NodeFacts?> ReadNodeAsync(string node, CancellationToken cancellationToken) =>
        await client().FindAsync(_kind, node, cancellationToken) is { } found
            ? new NodeFacts(
                new Dictionary<string, string>(found.Metadata?.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal),
                // The server takes nothing else than CIDRs here.
                [.. (found.Spec?.PodCIDRs ?? []).Select(static text => Prefix.TryParse(text, out var subnet) ? subnet : (Prefix?)null).OfType<Prefix>()])
            : null;
}
