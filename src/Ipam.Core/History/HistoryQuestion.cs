using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.History;

/// <summary>Which leases are asked for. A lease must match all that is set.</summary>
public sealed record HistoryQuestion
{
    /// <summary>The space; null for all.</summary>
    public string? Space { get; init; }

    /// <summary>The address; null for all.</summary>
    public Address? Address { get; init; }

    /// <summary>The pod, as NAME or NAMESPACE/NAME, or the node, or what the container's id begins with; null for any.</summary>
    public string? Holder { get; init; }

    /// <summary>Only leases that were held at this time or later.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Only leases that were held at this time or earlier.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Whether a lease is meant, whenever it was held.</summary>
    public bool Matches(Lease lease) =>
        (Space is null || lease.Space == Space)
        && (Address is not { } address || lease.Address == address)
        && (Holder is null || lease.Node == Holder || lease.Owner.ContainerId.StartsWith(Holder, StringComparison.Ordinal)
            || (lease.Pod is { } pod && (pod.Name == Holder || pod.ToString() == Holder)));

    /// <summary>Whether a lease is meant, and was held at the time asked for.</summary>
    public bool Matches(LeaseStory story) => Matches(story.Lease) && story.WasHeld(Since, Until);
}
