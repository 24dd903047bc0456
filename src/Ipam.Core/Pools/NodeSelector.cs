namespace Ipam.Core.Pools;

/// <summary>Which nodes are meant: those named, if any are named, and of these those that have all the labels.</summary>
public sealed record NodeSelector
{
    /// <summary>Names of nodes; empty for any name.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Labels that a node must have, with these values.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every node is meant.</summary>
    public bool IsEmpty => Nodes.Count == 0 && Labels.Count == 0;

    /// <summary>Whether a node of this name, with these labels, is meant.</summary>
    public bool Matches(string node, IReadOnlyDictionary<string, string> labels) =>
        (Nodes.Count == 0 || Nodes.Contains(node, StringComparer.Ordinal))
        && Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
}
