using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>Finds out whose an address is for longer than a container lives. Asks nobody where no range is sticky. Safe for use by several threads at once.</summary>
/// <param name="facts">Reads pods; null where the store belongs to no cluster.</param>
public sealed class StickyOwners(IPodFacts? facts)
{
    /// <summary>The label by which KubeVirt says which machine runs in a pod.</summary>
    private const string MachineLabel = "vm.kubevirt.io/name";

    /// <summary>
    /// The sticky owner of a container: whom CNI_ARGS name, else whom its pod's annotation names, else the virtual machine in it, else the pod itself if it is one of a StatefulSet. Null if
    /// there is none, or no range is sticky.
    /// </summary>
    /// <param name="ranges">The ranges that it gets addresses of.</param>
    /// <param name="pod">Its pod, as far as the runtime named it.</param>
    /// <param name="args">CNI_ARGS.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="CniException">A name can't be used (code 4 or 101), or there is no such pod now (code 11).</exception>
    /// <exception cref="StoreException">The pod can't be read.</exception>
    public async Task<StickyOwner?> FindAsync(RangeSets ranges, AskingPod pod, CniArgs args, CancellationToken cancellationToken)
    {
        if (!ranges.Sets.Any(static set => set.Any(static range => range.Policy.IsSticky)))
            return null;
        if (RequestedAddresses.Sticky(args) is { } name)
        {
            var within = pod.Namespace is null ? "" : Checked(pod.Namespace, CniArgs.PodNamespaceKey);
            return new StickyOwner(StickyKind.Name, within, Checked(name, RequestedAddresses.StickyKey));
        }
        if (facts is null || pod is not { Namespace: { } space, Name: { } podName })
            return null;
        return OwnerOf(await ReadAsync(facts, pod, space, podName, cancellationToken), pod, space, podName);
    }

    private static string Checked(string text, string key) =>
        StickyOwner.Check(text) is { } problem ? throw new CniException(CniErrorCode.InvalidEnvironment, $"CNI_ARGS: {key} is {problem}") : text;

    private static StickyOwner? OwnerOf(ObjectFacts found, AskingPod pod, string space, string podName)
    {
        if (found.Sticky is { } name)
        {
            return StickyOwner.Check(name) is { } problem
                ? throw new CniException(
                    IpamErrorCode.RequestRefused, $"the annotation {ObjectFacts.StickyAnnotation} of {pod} is {problem}", "correct it, or take it off the pod")
                : new StickyOwner(StickyKind.Name, space, name);
        }
        return found.Labels.GetValueOrDefault(MachineLabel) is { Length: > 0 } machine ? new StickyOwner(StickyKind.VirtualMachine, space, machine)
            : found.StatefulSet is not null ? new StickyOwner(StickyKind.StatefulSet, space, podName)
            : null;
    }

    private static async Task<ObjectFacts> ReadAsync(IPodFacts facts, AskingPod pod, string space, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await facts.ReadPodAsync(space, name, cancellationToken);
            return found is not null && (pod.Uid is null || found.Uids.Contains(pod.Uid, StringComparer.Ordinal))
                ? found
                : throw new CniException(CniErrorCode.TryAgainLater, $"whose addresses {pod} gets isn't known: the cluster has no such pod now", "see it with 'kubectl get pods -A'");
        }
        catch (StoreException e)
        {
            throw new StoreException($"{pod} can't be read, on which it depends whose addresses it gets: {e.Message}", e);
        }
    }
}
