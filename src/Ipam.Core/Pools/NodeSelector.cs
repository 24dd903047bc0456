namespace Ipam.Core.Pools;

/// <summary>Which nodes are meant: those named, if any are named, and of these those that have all the labels.</summary>
public sealed record NodeSelector : LabelSelector
{
    /// <summary>Names of nodes; empty for any name.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsEmpty => Nodes.Count == 0 && base.IsEmpty;

    /// <summary>Whether nodes of this name are meant, if they have the labels.</summary>
    public bool MatchesName(string node) => Nodes.Count == 0 || Nodes.Contains(node, StringComparer.Ordinal);
}
