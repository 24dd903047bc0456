using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Allocation;

/// <summary>What became of a request. One of the nested records.</summary>
public abstract record AllocationOutcome
{
    private AllocationOutcome()
    {
    }

    /// <summary>The owner holds these addresses, durably; one per entry, in their order.</summary>
    /// <param name="Addresses">The addresses.</param>
    /// <param name="Replayed">Whether the owner held all of them before.</param>
    public sealed record Allocated(IReadOnlyList<AllocatedAddress> Addresses, bool Replayed) : AllocationOutcome;

    /// <summary>No range of an entry had a free address. Nothing was taken.</summary>
    /// <param name="Entry">Which entry, from 0.</param>
    /// <param name="Ranges">Its ranges.</param>
    /// <param name="Held">How many addresses of these ranges are held.</param>
    /// <param name="CoolingDown">How many other addresses are cooling down.</param>
    /// <param name="SetAside">How many addresses are in damaged blocks.</param>
    /// <param name="KeptFrom">
    /// How many addresses are free in blocks that the policy keeps the node from, because they are other nodes'; as far as memory knows, which is as of a look at
    /// the store a moment ago. Of a block of another node it may not know which of them cool down.
    /// </param>
    public sealed record Exhausted(int Entry, IReadOnlyList<AllocationRange> Ranges, long Held, long CoolingDown, long SetAside, long KeptFrom) : AllocationOutcome;

    /// <summary>A requested address can't be handed out. Nothing was taken.</summary>
    /// <param name="Entry">Which entry, from 0.</param>
    /// <param name="Address">The address requested.</param>
    /// <param name="Reason">Why not.</param>
    /// <param name="InTheWay">
    /// The lease that prevents it: the lease of <paramref name="Address"/> if the address is held, or the owner's own lease if the owner holds
    /// another address for the entry.
    /// </param>
    public sealed record RequestRefused(int Entry, Address Address, RefusalReason Reason, Lease? InTheWay) : AllocationOutcome;
}

/// <summary>The answer to one entry of a request.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Range">The range it was taken from, which tells prefix length and gateway.</param>
public sealed record AllocatedAddress(Lease Lease, AllocationRange Range);

/// <summary>Why a requested address can't be handed out.</summary>
public enum RefusalReason
{
    /// <summary>It is in none of the entry's ranges.</summary>
    OutsideRanges,

    /// <summary>It is a gateway.</summary>
    Gateway,

    /// <summary>It is excluded.</summary>
    Excluded,

    /// <summary>Somebody else holds it.</summary>
    Held,

    /// <summary>It was freed a short while ago and is cooling down.</summary>
    CoolingDown,

    /// <summary>Its block is damaged: nobody can say whether it is free.</summary>
    Damaged,

    /// <summary>The owner holds another address for this entry and has to release that first.</summary>
    OwnerHoldsAnother,
}
