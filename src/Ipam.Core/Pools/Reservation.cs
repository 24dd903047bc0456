using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// Addresses of a space that are handed out to nobody, whatever range or pool they are in, or only to who asks for one of them. A lease of one of them stays.
/// </summary>
public sealed record Reservation
{
    /// <summary>The reservation's name, unique in the store; written as a pool's.</summary>
    public required string Name { get; init; }

    /// <summary>The address space.</summary>
    public string Space { get; init; } = "default";

    /// <summary>The addresses; at least one range.</summary>
    public required IReadOnlyList<AddressRange> Addresses { get; init; }

    /// <summary>Why, for people; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether who asks for exactly such an address, or for this reservation, gets it. What another reservation reserves as well is had only if both say so.</summary>
    public bool OnRequest { get; init; }

    /// <summary>When it was created; the store says so.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The store's version; 0 for a reservation that the store doesn't have.</summary>
    public long Version { get; init; }
}
