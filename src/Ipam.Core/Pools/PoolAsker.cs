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
    public string? ObstacleOf(Pool pool) => ObstacleBeforeLabels(pool) ?? ObstacleInNamespace(pool) ?? ObstacleInPod(pool);

    /// <summary>Why some of <paramref name="pools"/> hand out nothing to it, by their names.</summary>
    public IReadOnlyDictionary<string, string> ObstaclesOf(IEnumerable<Pool> pools)
    {
        var obstacles = new Dictionary<string, string>();
        foreach (var pool in pools)
        {
            if (ObstacleOf(pool) is { } obstacle)
                obstacles[pool.Name] = obstacle;
        }
        return obstacles;
    }

    /// <summary>Whether it depends on the labels of the pod's namespace what the pool hands out to it.</summary>
    public bool NeedsNamespaceLabels(Pool pool) => Pod is not null && !pool.NamespaceSelector.IsEmpty && ObstacleBeforeLabels(pool) is null;

    /// <summary>Whether it depends on the labels of the pod what the pool hands out to it. Those of its namespace come first.</summary>
    public bool NeedsPodLabels(Pool pool) =>
        Pod is not null && !pool.PodSelector.IsEmpty && (ObstacleBeforeLabels(pool) ?? ObstacleInNamespace(pool)) is null;

    private string? ObstacleBeforeLabels(Pool pool)
    {
        if (pool.IsBeingDeleted)
            return $"pool {pool.Name} is being deleted";
        if (pool.IsDisabled)
            return $"pool {pool.Name} is disabled";
        if (!pool.NodeSelector.MatchesName(Node))
            return $"pool {pool.Name} is not for node {Node} (see its nodeSelector)";
        if (!pool.NodeSelector.Matches(NodeLabels))
            return Obstacle(pool, "nodes", pool.NodeSelector, $"node {Node}", new KnownLabels(NodeLabels), "nodeSelector");
        if (Network is { } network && !IsAmong(pool.Networks, network))
            return $"pool {pool.Name} is for networks {string.Join(", ", pool.Networks)}, not {network}";
        if (Pod is { } pod && !IsAmong(pool.Namespaces, pod.Namespace ?? ""))
            return $"pool {pool.Name} is for pods of namespaces {string.Join(", ", pool.Namespaces)}, not {pod.Namespace ?? "for one that isn't said"}";
        return null;
    }

    private string? ObstacleInNamespace(Pool pool) => Pod is { } pod
        ? Obstacle(pool, "namespaces", pool.NamespaceSelector, $"namespace {pod.Namespace}", pod.NamespaceLabels, "namespaceSelector")
        : null;

    private string? ObstacleInPod(Pool pool) => Pod is { } pod ? Obstacle(pool, "pods", pool.PodSelector, $"{pod}", pod.Labels, "podSelector") : null;

    private static string? Obstacle(Pool pool, string kind, LabelSelector wanted, string who, KnownLabels found, string key)
    {
        if (wanted.IsEmpty || (found.Labels is { } labels && wanted.Matches(labels)))
            return null;
        var why = found.Labels is { } others ? $"{who} has {wanted.FoundInPlace(others)}" : $"those of {who} aren't known: {found.WhyNot}";
        return $"pool {pool.Name} is for {kind} with the labels {wanted.LabelText}, and {why} (see its {key})";
    }

    private static bool IsAmong(IReadOnlyList<string> names, string name) => names.Count == 0 || names.Contains(name, StringComparer.Ordinal);
}
