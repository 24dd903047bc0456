using System.Text;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Objects of kinds that others have defined, whole.</summary>
/// <param name="client">The client.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
internal sealed class ClusterObjects(Func<IKubernetesClient> client, int objectsPerPage) : IClusterObjects
{
    private static readonly DefinitionKind Definitions = new();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ListAsync(string group, string version, string plural, CancellationToken cancellationToken) =>
        await client().GetAsync(Definitions, $"{plural}.{group}", cancellationToken) is null
            ? null
            : await new MomentListing(client(), objectsPerPage).ListAsync(new WholeKind(group, version, plural), [null], cancellationToken);

    /// <summary>The definitions of such kinds.</summary>
    private sealed class DefinitionKind() : Kind<ObjectMeta>("apiextensions.k8s.io", "v1", "customresourcedefinitions")
    {
        public override bool IsMetadataOnly => true;

        public override ObjectMeta Read(ref Utf8JsonReader json) => ObjectMeta.Read(ref json);
    }

    /// <summary>Objects that are kept as they are.</summary>
    private sealed class WholeKind(string group, string version, string plural) : Kind<ReadOnlyMemory<byte>>(group, version, plural)
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader json)
        {
            using var value = JsonDocument.ParseValue(ref json);
            return Encoding.UTF8.GetBytes(value.RootElement.GetRawText());
        }
    }
}
