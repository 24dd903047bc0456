using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>What an IPBlock says, and its name.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Value">What it says; nothing if it is damaged.</param>
internal sealed record Named<T>(string Name, T? Value)
{
    /// <summary>What is wrong with it; null if nothing is.</summary>
    public DamagedBlock? Damage { get; init; }

    /// <summary>The object as it is, if it is damaged.</summary>
    public string Text { get; init; } = "";

    /// <summary>The whole ones among some, and the damaged ones.</summary>
    public static Found<T> Of(IEnumerable<Named<T>> items)
    {
        var whole = new List<T>();
        var damaged = new List<DamagedBlock>();
        foreach (var item in items)
        {
            if (item.Damage is null)
                whole.Add(item.Value!);
            else
                damaged.Add(item.Damage);
        }
        return new Found<T>(whole, damaged);
    }
}

/// <summary>Blocks, the truth about addresses.</summary>
internal sealed class BlockKind() : Kind<Named<Block>>(OurGroup, OurVersion, "ipblocks")
{
    /// <summary>The only one.</summary>
    public static BlockKind Instance { get; } = new();

    /// <inheritdoc/>
    public override Named<Block> Read(ref Utf8JsonReader json) => BlockReader.Read(ref json);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Named<Block> value) => BlockWriter.Write(json, ApiVersion, value.Name, value.Value!);
}
