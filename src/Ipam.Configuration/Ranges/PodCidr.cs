using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Ranges;

/// <summary>Fills in the subnets of a node's pods, where a configuration wants these.</summary>
public static class PodCidr
{
    /// <summary>The configuration with the subnets; the same object for the same ones, and the given one if it wants none.</summary>
    /// <param name="plugin">The configuration.</param>
    /// <param name="node">The node.</param>
    /// <param name="subnets">Says the subnets: empty if the node has none yet, null if no cluster is known that has the node.</param>
    /// <exception cref="CniException">They aren't known (code 7), or not yet (code 11).</exception>
    public static PluginConfiguration Fill(PluginConfiguration plugin, string node, Func<IReadOnlyList<Prefix>?> subnets)
    {
        if (!plugin.Ipam.WantsPodCidr)
            return plugin;
        var found = subnets() ?? throw InvalidConfiguration.Because(
            "ipam: subnet \"usePodCidr\" is the podCIDRs of the Node object, and the store belongs to no Kubernetes cluster; give a subnet such as \"10.1.0.0/16\"");
        return found.Count > 0 ? plugin.With(found) : throw new CniException(
            CniErrorCode.TryAgainLater,
            $"ipam: subnet \"usePodCidr\" is the podCIDRs of the Node object, and node {node} has none yet",
            $"see 'kubectl get node {node} -o jsonpath={{.spec.podCIDRs}}'; kube-controller-manager gives nodes theirs with --allocate-node-cidrs and --cluster-cidr; or give a subnet");
    }
}
