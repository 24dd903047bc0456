using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>What an IPBlock says, and its name.</summary>
internal sealed record Named<T>(string Name, T Value);

/// <summary>Blocks, the truth about addresses.</summary>
internal sealed class BlockKind() : Kind<Named<Block>>(OurGroup, OurVersion, "ipblocks")
{
    /// <summary>The only one.</summary>
    public static BlockKind Instance { get; } = new();

    /// <inheritdoc/>
    public override Named<Block> Read(ref Utf8JsonReader json) => BlockReader.Read(ref json);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Named<Block> value) => BlockWriter.Write(json, ApiVersion, value.Name, value.Value);
}
