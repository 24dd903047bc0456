using Ipam.Core.Blocks;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>
/// Labels by which a node lists what matters to it and no more, and annotations from which a block's summary is made without its leases.
/// </summary>
internal static class BlockLabels
{
    /// <summary>The label with the space, in its safe form.</summary>
    public const string Space = "ipamsuite.dev/space";

    /// <summary>The label of blocks that belong to no node.</summary>
    public const string Shared = "ipamsuite.dev/shared";

    /// <summary>The annotation with the map of held addresses, in hexadecimal.</summary>
    public const string Held = "ipamsuite.dev/held";

    /// <summary>The annotation with the node that the block belongs to; missing if to none.</summary>
    public const string OwnerNode = "ipamsuite.dev/node";

    /// <summary>The annotation with the space, where the label has only a hash of it.</summary>
    public const string FullSpace = "ipamsuite.dev/space-name";

    private const int NodeHashBytes = 8;

    /// <summary>Whether a label says to which node a block matters.</summary>
    public static bool IsOfNode(ReadOnlySpan<byte> label) => label.StartsWith("node.ipamsuite.dev/"u8) || label.SequenceEqual("ipamsuite.dev/shared"u8);

    /// <summary>The label of blocks that belong to a node or have leases that were handed out on it.</summary>
    public static string OfNode(string node) => $"node.ipamsuite.dev/{SafeName.Hash(node, NodeHashBytes)}";

    /// <summary>The labels of the nodes that a block matters to.</summary>
    public static SortedSet<string> OfNodes(Block block)
    {
        var labels = new SortedSet<string>(StringComparer.Ordinal) { block.Node is { } owner ? OfNode(owner) : Shared };
        string? last = block.Node;
        foreach (var lease in block.Leases)
        {
            if (lease.Node != last)
                labels.Add(OfNode(last = lease.Node));
        }
        return labels;
    }

    /// <summary>The selector of a space's blocks.</summary>
    public static string SpaceSelector(string space) => $"{Space}={SafeName.Of(space)}";
}
