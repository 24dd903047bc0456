using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>
/// Finds out for one request what its pod chooses, and what pools must know of it. The pod is read anew, as it may be new, and once at most. What nobody asks for isn't read.
/// </summary>
public sealed class PodLook
{
    private const string NoCluster = "the store belongs to no Kubernetes cluster";
    private const string NotNamed = "the runtime named no pod (K8S_POD_NAMESPACE and K8S_POD_NAME of CNI_ARGS)";

    private readonly IPodFacts? _facts;
    private readonly NamespaceReads? _namespaces;
    private readonly bool _mayChoose;
    private readonly AskingPod? _pod;
    private (ObjectFacts? Facts, string WhyNot)? _found;

    internal PodLook(IPodFacts? facts, NamespaceReads? namespaces, bool mayChoose, AskingPod? pod) =>
        (_facts, _namespaces, _mayChoose, _pod) = (facts, namespaces, mayChoose, pod);

    /// <summary>What the pod chooses by its annotation, or else by its namespace's; null if neither chooses, or it may not.</summary>
    /// <exception cref="CniException">The annotation can't be used (code 101), or there is no such pod now (code 11).</exception>
    /// <exception cref="StoreException">They can't be read.</exception>
    public async Task<PoolChoice?> ChoiceAsync(CancellationToken cancellationToken)
    {
        // Who is no pod has no annotation.
        if (!_mayChoose || _pod is not { Namespace: { } space, Name: not null })
            return null;
        var (pod, whyNot) = await PodAsync(cancellationToken);
        if (pod is null)
            throw new CniException(CniErrorCode.TryAgainLater, $"which pools {_pod} chooses by its annotation isn't known: {whyNot}", "see it with 'kubectl get pods -A'");
        return PoolChoice.Read(pod.Pools, $"{_pod}")
            ?? PoolChoice.Read((await NamespaceAsync(space, cancellationToken)).Facts?.Pools, $"namespace {space}");
    }

    /// <summary>Who asks, with the labels that it depends on whether some of <paramref name="pools"/> are for it.</summary>
    /// <exception cref="StoreException">They can't be read.</exception>
    public async Task<PoolAsker> CompleteAsync(PoolAsker asker, IReadOnlyList<Pool> pools, CancellationToken cancellationToken)
    {
        if (asker.Pod is { } pod && pools.Any(asker.NeedsNamespaceLabels))
            asker = asker with { Pod = pod with { NamespaceLabels = Labels(await NamespaceAsync(pod.Namespace, cancellationToken)) } };
        if (asker.Pod is { } known && pools.Any(asker.NeedsPodLabels))
            asker = asker with { Pod = known with { Labels = Labels(await PodAsync(cancellationToken)) } };
        return asker;
    }

    private static KnownLabels Labels((ObjectFacts? Facts, string WhyNot) found) => new(found.Facts?.Labels, found.WhyNot);

    private async Task<(ObjectFacts? Facts, string WhyNot)> NamespaceAsync(string? name, CancellationToken cancellationToken)
    {
        if (_namespaces is null)
            return (null, NoCluster);
        if (name is null)
            return (null, NotNamed);
        return (await ExplainAsync($"namespace {name}", () => _namespaces.ReadAsync(name, cancellationToken)), "the cluster has no such namespace");
    }

    private async Task<(ObjectFacts? Facts, string WhyNot)> PodAsync(CancellationToken cancellationToken) => _found ??= await ReadPodAsync(cancellationToken);

    private async Task<(ObjectFacts? Facts, string WhyNot)> ReadPodAsync(CancellationToken cancellationToken)
    {
        if (_facts is null)
            return (null, NoCluster);
        if (_pod is not { Namespace: { } space, Name: { } name })
            return (null, NotNamed);
        var found = await ExplainAsync($"{_pod}", () => _facts.ReadPodAsync(space, name, cancellationToken));
        if (found is null)
            return (null, "the cluster has no such pod");
        // A pod that took the name of another one says nothing of that.
        return _pod.Uid is null || found.Uids.Contains(_pod.Uid, StringComparer.Ordinal)
            ? (found, "")
            : (null, $"the cluster's pod of this name is another one, with UID {found.Uids[0]} and not {_pod.Uid}");
    }

    private static async Task<ObjectFacts?> ExplainAsync(string what, Func<Task<ObjectFacts?>> read)
    {
        try
        {
            return await read();
        }
        catch (StoreException e)
        {
            throw new StoreException($"{what} can't be read, on which it depends what pools hand out: {e.Message}", e);
        }
    }
}
