using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Administration;

/// <summary>Selects leases. A lease must match all properties that are set. Names are compared exactly.</summary>
public sealed record LeaseFilter
{
    /// <summary>The address space; null for all.</summary>
    public string? Space { get; init; }

    /// <summary>The network; null for any.</summary>
    public string? Network { get; init; }

    /// <summary>The node that the container runs on; null for any.</summary>
    public string? Node { get; init; }

    /// <summary>The pod's namespace; null for any, and for containers without a pod.</summary>
    public string? Namespace { get; init; }

    /// <summary>The pod, as NAME or NAMESPACE/NAME; null for any, and for containers without a pod.</summary>
    public string? Pod { get; init; }

    /// <summary>What the container id begins with; null for any.</summary>
    public string? Container { get; init; }

    /// <summary>The addresses; null for any.</summary>
    public AddressMask? Addresses { get; init; }

    /// <summary>The addresses, in whatever space; null for any.</summary>
    public AddressRange? Range { get; init; }

    /// <summary>Whether only static leases are meant.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether only address conflicts are meant.</summary>
    public bool IsConflict { get; init; }

    /// <summary>Whether only addresses are meant that are kept for sticky owners who have no container.</summary>
    public bool IsKept { get; init; }

    /// <summary>When it was handed out at the latest; null for any time.</summary>
    public DateTimeOffset? AcquiredBy { get; init; }

    /// <summary>The same, and only leases of addresses in the ranges of a pool: in the pool's space, unless another one is asked for.</summary>
    public LeaseFilter In(Pool pool) => this with { Space = Space ?? pool.Space, Addresses = PoolAddresses.Of(pool) };

    /// <summary>Whether <paramref name="lease"/> is meant.</summary>
    public bool Matches(Lease lease) =>
        (Space is null || lease.Space == Space)
        && (Network is null || lease.Owner.Network == Network)
        && (Node is null || lease.Node == Node)
        && (Namespace is null || lease.Pod?.Namespace == Namespace)
        && (Pod is null || (lease.Pod is { } pod && (pod.Name == Pod || pod.ToString() == Pod)))
        && (Container is null || lease.Owner.ContainerId.StartsWith(Container, StringComparison.Ordinal))
        && (!IsStatic || lease.Owner.IsStatic)
        && (!IsConflict || lease.Owner.IsConflict)
        && (!IsKept || lease.Owner.IsKept)
        && (Range?.Contains(lease.Address) ?? true)
        && (AcquiredBy is null || lease.AcquiredAt <= AcquiredBy)
        && (Addresses is null || Addresses.Contains(lease.Space, lease.Address));
}
