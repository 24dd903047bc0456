namespace Ipam.Core.Stores;

/// <summary>
/// What a cluster says of pods and namespaces to pools that choose by it, as it is now, from the source of truth and not from a cache. Members may be called from several
/// threads at once, and throw <see cref="StoreException"/> when the cluster fails or refuses.
/// </summary>
public interface IPodFacts
{
    /// <summary>What is known of a pod; null if there is none of that name.</summary>
    Task<ObjectFacts?> ReadPodAsync(string @namespace, string name, CancellationToken cancellationToken);

    /// <summary>What is known of a namespace; null if there is none of that name.</summary>
    Task<ObjectFacts?> ReadNamespaceAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What a cluster says of a pod or a namespace.</summary>
/// <param name="Uids">What runtimes may call it: see <see cref="ClusterPod.Uids"/>.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ObjectFacts(IReadOnlyList<string> Uids, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The annotation that names pools to draw from.</summary>
    public const string PoolsAnnotation = "ipamsuite.dev/pools";

    /// <summary>The annotation of a pod that names whose its addresses are for longer than it lives.</summary>
    public const string StickyAnnotation = "ipamsuite.dev/sticky";

    /// <summary>What <see cref="PoolsAnnotation"/> says; null if it isn't there.</summary>
    public string? Pools { get; init; }

    /// <summary>What <see cref="StickyAnnotation"/> says; null if it isn't there.</summary>
    public string? Sticky { get; init; }

    /// <summary>The name of the StatefulSet that made the pod; null if none did.</summary>
    public string? StatefulSet { get; init; }
}
