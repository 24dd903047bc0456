using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Imports;

/// <summary>An address that something else than this store says is in use: the files or objects of another IPAM, or what runs.</summary>
public sealed record FoundAddress
{
    /// <summary>Where it was found, such as a file or an object, for people.</summary>
    public required string Where { get; init; }

    /// <summary>The network that it is taken over with: all of it, or nothing.</summary>
    public required string Network { get; init; }

    /// <summary>The address; null if it can't be read, which <see cref="Flaw"/> then says.</summary>
    public Address? Address { get; init; }

    /// <summary>Who holds it: the one whose DEL will come, or an <see cref="ImportedOwner"/>. Null if it can't be read.</summary>
    public Owner? Owner { get; init; }

    /// <summary>The node where it is used.</summary>
    public string Node { get; init; } = "";

    /// <summary>The pod, if it is known.</summary>
    public PodReference? Pod { get; init; }

    /// <summary>What runtimes may call the pod beside its UID, such as the hash of a static pod's configuration.</summary>
    public IReadOnlyList<string> OtherPodUids { get; init; } = [];

    /// <summary>Path of the container's network namespace; empty if it isn't known.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Which namespace is at that path.</summary>
    public NamespaceIdentity NamespaceIdentity { get; init; }

    /// <summary>Which of the owner's addresses it is, counted from 0, if that is known.</summary>
    public int? Entry { get; init; }

    /// <summary>Whether it was handed out last, so that the order <c>next</c> goes on behind it.</summary>
    public bool IsLast { get; init; }

    /// <summary>Why it can't be taken over; null if it can.</summary>
    public string? Flaw { get; init; }

    /// <summary>
    /// Whether a lease of the address is this very use of it. Owners that are known on both sides are compared. Otherwise the pods are, if both are known, or the
    /// namespaces; and where nothing can be compared, the lease will be right. What is outside, or kept without a container, is another one.
    /// </summary>
    public bool IsHeldBy(Lease lease)
    {
        if (Owner == lease.Owner)
            return true;
        if (!lease.Owner.IsContainer)
            return false;
        if (Owner is { } owner && !ImportedOwner.Is(owner) && !ImportedOwner.Is(lease.Owner))
            return false;
        if (Pod is { } pod && lease.Pod is { } held)
            return pod.IsSameAs(held) || OtherPodUids.Contains(held.Uid);
        return !NamespaceIdentity.IsKnown || !lease.NamespaceIdentity.IsKnown || NamespaceIdentity.Boot != lease.NamespaceIdentity.Boot
            || NamespaceIdentity.Inode == lease.NamespaceIdentity.Inode;
    }
}
