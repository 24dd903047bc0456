using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Nodes;

/// <summary>Objects of the cluster, such as nodes, of which only the metadata are read.</summary>
/// <param name="plural">The name in paths.</param>
/// <param name="group">The API group.</param>
/// <param name="space">Their namespace; null for objects of the cluster.</param>
internal sealed class ClusterObjectKind(string plural, string group = "", string? space = null) : Kind<ObjectMeta>(group, "v1", plural, space)
{
    /// <inheritdoc/>
    public override bool IsMetadataOnly => true;

    /// <inheritdoc/>
    public override ObjectMeta Read(ref Utf8JsonReader json) => ObjectMeta.Read(ref json) is { Name.Length: > 0, Uid.Length: > 0 } meta
        ? meta
        : throw new InvalidDataException($"one of the {Plural} without a name or a UID");
}
