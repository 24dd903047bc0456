using Ipam.Configuration.Keys;
using Ipam.Configuration.Reading;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>Looks at pods that ask. Safe for use by several threads at once.</summary>
/// <param name="facts">Reads pods and namespaces; null where the store belongs to no cluster.</param>
/// <param name="time">Measures how old what is known of a namespace is.</param>
public sealed class PodLookup(IPodFacts? facts, TimeProvider time)
{
    private readonly NamespaceReads? _namespaces = facts is null ? null : new NamespaceReads(facts, time);

    /// <summary>A look at a pod for one request. Nothing is read yet.</summary>
    /// <param name="configuration">The configuration that the request came with.</param>
    /// <param name="pod">The pod; null stands for any.</param>
    /// <exception cref="Cni.Protocol.CniException">The configuration lets pods choose where nobody knows any (code 7).</exception>
    public PodLook Begin(IpamConfiguration configuration, AskingPod? pod) => configuration.TakesPodAnnotations && facts is null
        ? throw InvalidConfiguration.Because(
            "ipam: podAnnotations are those of pods of a Kubernetes cluster, and the store belongs to none; leave podAnnotations out, or use the Kubernetes store")
        : new PodLook(facts, _namespaces, configuration.TakesPodAnnotations, pod);
}
