namespace Ipam.Core.Pools;

/// <summary>Who asks for an address: what pools choose by. Immutable.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="NodeLabels">Its labels.</param>
public sealed record PoolAsker(string Node, IReadOnlyDictionary<string, string> NodeLabels)
{
    /// <summary>The name of the network; null stands for any.</summary>
    public string? Network { get; init; }

    /// <summary>The pod; null stands for any.</summary>
    public AskingPod? Pod { get; init; }

    /// <summary>Why a pool hands out nothing to it: what was found and what is wanted; null if it does.</summary>
    public string? ObstacleOf(Pool pool)
    {
        if (pool.IsBeingDeleted)
            return $"pool {pool.Name} is being deleted";
        if (pool.IsDisabled)
            return $"pool {pool.Name} is disabled";
        if (!pool.NodeSelector.Matches(Node, NodeLabels))
            return $"pool {pool.Name} is not for node {Node} (see its nodeSelector)";
        if (Network is { } network && !IsAmong(pool.Networks, network))
            return $"pool {pool.Name} is for networks {string.Join(", ", pool.Networks)}, not {network}";
        if (Pod is { } pod && !IsAmong(pool.Namespaces, pod.Namespace ?? ""))
            return $"pool {pool.Name} is for pods of namespaces {string.Join(", ", pool.Namespaces)}, not {pod.Namespace ?? "for one that isn't said"}";
        return null;
    }

    private static bool IsAmong(IReadOnlyList<string> names, string name) => names.Count == 0 || names.Contains(name, StringComparer.Ordinal);
}

/// <summary>A pod that asks for an address.</summary>
/// <param name="Namespace">Its namespace; null if the runtime didn't say one.</param>
public sealed record AskingPod(string? Namespace);
