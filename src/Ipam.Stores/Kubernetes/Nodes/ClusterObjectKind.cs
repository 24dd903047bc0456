using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Nodes of the cluster, of which only the metadata are read.</summary>
internal sealed class ClusterNodeKind() : Kind<ObjectMeta>("", "v1", "nodes")
{
    /// <inheritdoc/>
    public override bool IsMetadataOnly => true;

    /// <inheritdoc/>
    public override ObjectMeta Read(ref Utf8JsonReader json) => ObjectMeta.Read(ref json) is { Name.Length: > 0, Uid.Length: > 0 } meta
        ? meta
        : throw new InvalidDataException("a node without a name or a UID");
}
