using Ipam.Core.Pools;

namespace Ipam.Configuration.Ranges;

/// <summary>Whether a pool hands out addresses to somebody.</summary>
public static class PoolUse
{
    /// <summary>Stands for the namespace of any pod. No request can say it: a text of CNI_ARGS ends at a semicolon.</summary>
    public const string AnyNamespace = ";";

    /// <summary>Why it doesn't; null if it does.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="node">The node that asks.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="podNamespace">The namespace of the pod that asks; null if the runtime didn't say one; or <see cref="AnyNamespace"/>.</param>
    public static string? Obstacle(Pool pool, string node, IReadOnlyDictionary<string, string> labels, string? podNamespace)
    {
        if (pool.IsBeingDeleted)
            return $"pool {pool.Name} is being deleted";
        if (pool.IsDisabled)
            return $"pool {pool.Name} is disabled";
        if (!pool.NodeSelector.Matches(node, labels))
            return $"pool {pool.Name} is not for node {node} (see its nodeSelector)";
        if (pool.Namespaces.Count > 0 && podNamespace != AnyNamespace && !pool.Namespaces.Contains(podNamespace ?? "", StringComparer.Ordinal))
            return $"pool {pool.Name} is for pods of namespaces {string.Join(", ", pool.Namespaces)}, not {(podNamespace is null ? "for one that isn't said" : podNamespace)}";
        return null;
    }
}
