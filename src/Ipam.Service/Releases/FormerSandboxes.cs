using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;

namespace Ipam.Service.Releases;

/// <summary>
/// Finds what a pod's former sandbox left, which its new one goes on with: a runtime makes sandboxes anew, also before the DEL of the former one came. Only what is gone for certain
/// leaves anything: nothing is taken from a sandbox that may live.
/// </summary>
internal sealed class FormerSandboxes(MirrorFile mirror, MachineNamespaces namespaces)
{
    /// <summary>The leases of the same interface of the pod whose container is gone, or lived in the very namespace that asks now.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="pod">Its pod; null if its runtime named none.</param>
    /// <param name="now">The namespace that asks.</param>
    public IReadOnlyList<Lease> LeftTo(Owner owner, PodReference? pod, NamespaceIdentity now)
    {
        if (pod is null)
            return [];
        var held = mirror.LeasesOf(owner.Network, owner.InterfaceName, pod);
        return held.Count == 0
            ? held
            : [.. held.Where(lease => lease.Owner != owner && mirror.IsOfThisMachine(lease) && (IsIn(lease, now) || namespaces.Look(lease).Verdict == Verdict.Gone))];
    }

    private static bool IsIn(Lease lease, NamespaceIdentity now) =>
        now.IsKnown && lease.NamespaceIdentity is { IsKnown: true } then && (then.Boot, then.Inode) == (now.Boot, now.Inode);
}
