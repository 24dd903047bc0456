using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>
/// Finds out what pools must know of a pod that asks. The pod is read each time: it is new. What no pool asks for isn't read. Safe for use by several threads at once.
/// </summary>
/// <param name="facts">Reads pods and namespaces; null where the store belongs to no cluster.</param>
/// <param name="time">Measures how old what is known of a namespace is.</param>
public sealed class PodLookup(IPodFacts? facts, TimeProvider time)
{
    private const string NoCluster = "the store belongs to no Kubernetes cluster";

    private readonly NamespaceReads? _namespaces = facts is null ? null : new NamespaceReads(facts, time);

    /// <summary>Who asks, with the labels that it depends on whether some of <paramref name="pools"/> are for it.</summary>
    /// <exception cref="StoreException">They can't be read.</exception>
    public async Task<PoolAsker> CompleteAsync(PoolAsker asker, IReadOnlyList<Pool> pools, CancellationToken cancellationToken)
    {
        if (asker.Pod is { } pod && pools.Any(asker.NeedsNamespaceLabels))
            asker = asker with { Pod = pod with { NamespaceLabels = await OfNamespaceAsync(pod, cancellationToken) } };
        if (asker.Pod is { } known && pools.Any(asker.NeedsPodLabels))
            asker = asker with { Pod = known with { Labels = await OfPodAsync(known, cancellationToken) } };
        return asker;
    }

    private async Task<KnownLabels> OfNamespaceAsync(AskingPod pod, CancellationToken cancellationToken)
    {
        if (_namespaces is null)
            return new KnownLabels(null, NoCluster);
        if (pod.Namespace is not { } name)
            return NotNamed();
        var found = await ExplainAsync($"namespace {name}", () => _namespaces.ReadAsync(name, cancellationToken));
        return found is null ? new KnownLabels(null, "the cluster has no such namespace") : new KnownLabels(found.Labels);
    }

    private async Task<KnownLabels> OfPodAsync(AskingPod pod, CancellationToken cancellationToken)
    {
        if (facts is null)
            return new KnownLabels(null, NoCluster);
        if (pod is not { Namespace: { } @namespace, Name: { } name })
            return NotNamed();
        var found = await ExplainAsync($"{pod}", () => facts.ReadPodAsync(@namespace, name, cancellationToken));
        if (found is null)
            return new KnownLabels(null, "the cluster has no such pod");
        // A pod that took the name of another one has labels of its own.
        return pod.Uid is null || found.Uids.Contains(pod.Uid, StringComparer.Ordinal)
            ? new KnownLabels(found.Labels)
            : new KnownLabels(null, $"the cluster's pod of this name is another one, with UID {found.Uids[0]} and not {pod.Uid}");
    }

    private static KnownLabels NotNamed() => new(null, "the runtime named no pod (K8S_POD_NAMESPACE and K8S_POD_NAME of CNI_ARGS)");

    private static async Task<ObjectFacts?> ExplainAsync(string what, Func<Task<ObjectFacts?>> read)
    {
        try
        {
            return await read();
        }
        catch (StoreException e)
        {
            throw new StoreException($"the labels of {what}, by which a pool chooses, can't be read: {e.Message}", e);
        }
    }
}
