using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Blocks without their leases: from the metadata alone.</summary>
internal sealed class SummaryKind() : Kind<Named<BlockSummary>>(OurGroup, OurVersion, "ipblocks")
{
    /// <summary>The only one.</summary>
    public static SummaryKind Instance { get; } = new();

    /// <inheritdoc/>
    public override bool IsMetadataOnly => true;

    /// <inheritdoc/>
    public override Named<BlockSummary> Read(ref Utf8JsonReader json) => BlockReader.ReadSummary(ref json);
}
