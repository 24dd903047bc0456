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
