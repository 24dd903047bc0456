using Ipam.Core.Blocks;

namespace Ipam.Core.Imports;

/// <summary>
/// The owner of an address of which nobody can say which attachment has it. Its network is none that a runtime can name (a name has no colon), so that no runtime's GC
/// takes the lease for a leak of its own network.
/// </summary>
public static class ImportedOwner
{
    private const string Prefix = "imported:";

    /// <summary>The owner of what a source found.</summary>
    /// <param name="source">The source, such as <c>running</c>.</param>
    /// <param name="holder">What is known of the holder, such as <c>pod:UID</c>.</param>
    /// <param name="interfaceName">The interface; empty if it isn't known.</param>
    public static Owner Of(string source, string holder, string interfaceName) => new(Prefix + source, holder, interfaceName);

    /// <summary>Whether an owner is such a one.</summary>
    public static bool Is(Owner owner) => owner.Network.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Whether a lease with such an owner is of an attachment that was given its address: of the same container, of the same pod, or in the same namespace.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="attachment">The attachment.</param>
    /// <param name="pod">The attachment's pod, if its runtime named one.</param>
    /// <param name="networkNamespace">The path of the attachment's network namespace; empty if it isn't known.</param>
    public static bool Stands(Lease lease, Owner attachment, PodReference? pod, string networkNamespace) =>
        Is(lease.Owner) && (lease.Owner.ContainerId == attachment.ContainerId
            || (lease.Pod is { } held ? pod is not null && held.IsSameAs(pod) : networkNamespace.Length > 0 && lease.NetworkNamespace == networkNamespace));

    /// <summary>What stands in place of a network namespace's path that isn't known, so that people see where a lease comes from.</summary>
    public static string Mark(string source) => Prefix + source;
}
