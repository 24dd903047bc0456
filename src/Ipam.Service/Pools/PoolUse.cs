using Ipam.Core.Pools;

namespace Ipam.Service.Pools;

/// <summary>Whether a pool hands out addresses to somebody.</summary>
internal static class PoolUse
{
    /// <summary>Why it doesn't; null if it does.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="node">The node that asks.</param>
    /// <param name="podNamespace">The namespace of the pod that asks; null if the runtime didn't say one.</param>
    public static string? Obstacle(Pool pool, NodeIdentity node, string? podNamespace)
    {
        if (pool.IsBeingDeleted)
            return $"pool {pool.Name} is being deleted";
        if (pool.IsDisabled)
            return $"pool {pool.Name} is disabled";
        if (!pool.NodeSelector.Matches(node.Name, node.Labels))
            return $"pool {pool.Name} is not for node {node.Name} (see its nodeSelector)";
        if (pool.Namespaces.Count > 0 && podNamespace != RangeSetSource.AnyNamespace && !pool.Namespaces.Contains(podNamespace ?? "", StringComparer.Ordinal))
            return $"pool {pool.Name} is for pods of namespaces {string.Join(", ", pool.Namespaces)}, not {(podNamespace is null ? "for one that isn't said" : podNamespace)}";
        return null;
    }
}
