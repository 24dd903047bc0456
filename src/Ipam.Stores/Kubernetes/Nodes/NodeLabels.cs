using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Reads the labels of nodes of the cluster.</summary>
internal static class NodeLabels
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IKubernetesClient client, string node, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = await client.FindAsync(ApiTypes.Nodes, node, cancellationToken);
        if (document is not null && document.RootElement.GetProperty("metadata").TryGetProperty("labels", out var given))
        {
            foreach (var label in given.EnumerateObject())
                labels[label.Name] = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()! : "";
        }
        return labels;
    }
}
