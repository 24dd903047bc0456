namespace Ipam.Core.Stores;

/// <summary>What a cluster says of a pod or a namespace.</summary>
/// <param name="Uids">What runtimes may call it: see <see cref="ClusterPod.Uids"/>.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ObjectFacts(IReadOnlyList<string> Uids, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The annotation that names pools to draw from.</summary>
    public const string PoolsAnnotation = "ipamsuite.dev/pools";

    /// <summary>The annotation of a pod that names whose its addresses are for longer than it lives.</summary>
    public const string StickyAnnotation = "ipamsuite.dev/sticky";

    /// <summary>
    /// The annotation of a pod that names the networks that it wants beside the cluster's (Kubernetes Network Custom Resource Definition De-facto Standard, section 4.1).
    /// </summary>
    public const string NetworksAnnotation = "k8s.v1.cni.cncf.io/networks";

    /// <summary>The label by which KubeVirt says which machine runs in a pod.</summary>
    private const string MachineLabel = "vm.kubevirt.io/name";

    /// <summary>What <see cref="PoolsAnnotation"/> says; null if it isn't there.</summary>
    public string? Pools { get; init; }

    /// <summary>What <see cref="StickyAnnotation"/> says; null if it isn't there.</summary>
    public string? Sticky { get; init; }

    /// <summary>What <see cref="NetworksAnnotation"/> says; null if it isn't there.</summary>
    public string? Networks { get; init; }

    /// <summary>The virtual machine that runs in the pod; null if none does.</summary>
    public string? Machine => Labels.GetValueOrDefault(MachineLabel) is { Length: > 0 } name ? name : null;

    /// <summary>The name of the StatefulSet that made the pod; null if none did.</summary>
    public string? StatefulSet { get; init; }
}
