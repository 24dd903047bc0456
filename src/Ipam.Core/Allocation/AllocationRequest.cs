using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>What one owner asks for: all of it or nothing.</summary>
public sealed record AllocationRequest
{
    /// <summary>The address space.</summary>
    public required string Space { get; init; }

    /// <summary>Who asks.</summary>
    public required Owner Owner { get; init; }

    /// <summary>The addresses wanted, one per entry.</summary>
    public required IReadOnlyList<AllocationEntry> Entries { get; init; }

    /// <summary>The node the container runs on.</summary>
    public required string Node { get; init; }

    /// <summary>The container's pod, if known.</summary>
    public PodReference? Pod { get; init; }

    /// <summary>
    /// Leases of a former container of the same pod that is gone for certain, or those that a sticky owner keeps, which this one goes on with, each where it answers the same
    /// entry. One that has ended meanwhile, or belongs to somebody else by now, doesn't count.
    /// </summary>
    public IReadOnlyList<Lease> Inherited { get; init; } = [];

    /// <summary>Who keeps the addresses that it gets from ranges whose policy is sticky, a claim from any range; null for nobody.</summary>
    public StickyOwner? Sticky { get; init; }

    /// <summary>Addresses that the owner got and can't use, as somebody on the wire answers for them: they are set aside, and others are handed out.</summary>
    public IReadOnlyList<AddressConflict> Conflicts { get; init; } = [];

    /// <summary>Path of the container's network namespace; may be empty.</summary>
    public string NetworkNamespace { get; init; } = "";

    /// <summary>Which namespace is at that path, if known.</summary>
    public NamespaceIdentity NamespaceIdentity { get; init; }
}

/// <summary>One address wanted: from the first of the ranges that has room, or exactly the one requested.</summary>
/// <param name="Ranges">The ranges in order of preference; at least one.</param>
/// <param name="Requested">The address to hand out and no other; null for any.</param>
public sealed record AllocationEntry(IReadOnlyList<AllocationRange> Ranges, Address? Requested = null)
{
    /// <summary>Whether who holds an address has what is wanted.</summary>
    public bool Fits(Address address) => (Requested is null || Requested == address) && AllocationRange.WithAddress(Ranges, address) is not null;
}

/// <summary>An address for which somebody on the wire answers.</summary>
/// <param name="Address">The address.</param>
/// <param name="AnsweredBy">The Ethernet address of the one who answers.</param>
public sealed record AddressConflict(Address Address, string AnsweredBy);
