using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Reads single pods and namespaces, as etcd has them: no request names a resourceVersion that a cache could answer with.</summary>
internal sealed class PodFactsReader(Func<IKubernetesClient> client) : IPodFacts
{
    private static readonly ObjectFactsKind Namespaces = new("namespaces");

    /// <inheritdoc/>
    public async Task<ObjectFacts?> ReadPodAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Resource.IsName(@namespace) ? await client().GetAsync(new ObjectFactsKind("pods", @namespace), name, cancellationToken) : null;

    /// <inheritdoc/>
    public Task<ObjectFacts?> ReadNamespaceAsync(string name, CancellationToken cancellationToken) => client().GetAsync(Namespaces, name, cancellationToken);
}
