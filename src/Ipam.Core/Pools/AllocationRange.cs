using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// The part of a subnet that addresses are handed out from: <see cref="Bounds"/> without exclusions and without the gateway. Immutable.
/// </summary>
public sealed class AllocationRange
{
    private readonly IReadOnlyCollection<AddressRange> _excluded;
    private readonly bool _skipEdges;

    // Allocatable, or what it was before the range was closed.
    private readonly IntervalSet _open;

    /// <summary>A range. The gateway needs no mention in <paramref name="excluded"/>.</summary>
    /// <param name="subnet">The subnet, whose length becomes the prefix length of the addresses handed out.</param>
    /// <param name="bounds">The first and the last address; inside the subnet.</param>
    /// <param name="gateway">The subnet's gateway, if it has one.</param>
    /// <param name="excluded">Addresses that are never handed out; those outside the bounds don't matter.</param>
    /// <param name="skipEdges">Whether the .0 and .255 of each /24 are never handed out either.</param>
    public AllocationRange(Prefix subnet, AddressRange bounds, Address? gateway, IReadOnlyCollection<AddressRange> excluded, bool skipEdges = false)
    {
        Subnet = subnet;
        Bounds = bounds;
        Gateway = gateway;
        Allocatable = IntervalSet.Of(bounds, gateway is { } g ? excluded.Append(new AddressRange(g, g)) : excluded, skipEdges);
        _open = Allocatable;
        (_excluded, _skipEdges) = (excluded, skipEdges);
    }

    private AllocationRange(AllocationRange other, AllocationPolicy policy, string? pool)
    {
        _open = other._open;
        (Subnet, Bounds, Gateway, Allocatable, _excluded, _skipEdges) =
            (other.Subnet, other.Bounds, other.Gateway, other.Allocatable, other._excluded, other._skipEdges);
        (Policy, Pool) = (policy, pool);
    }

    private AllocationRange(AllocationRange open, AllocationRange closed)
        : this(closed, closed.Policy, closed.Pool) => _open = open._open;

    /// <summary>The subnet.</summary>
    public Prefix Subnet { get; }

    /// <summary>First and last address of the range.</summary>
    public AddressRange Bounds { get; }

    /// <summary>The gateway, which is never handed out.</summary>
    public Address? Gateway { get; }

    /// <summary>The addresses that can be handed out.</summary>
    public IntervalSet Allocatable { get; }

    /// <summary>The addresses that could be handed out if the range weren't closed.</summary>
    public IntervalSet AllocatableWhenOpen => _open;

    /// <summary>How addresses are chosen. An affinity that isn't said is none.</summary>
    public AllocationPolicy Policy { get; } = new();

    /// <summary>The name of the pool that the range is of; null for a range of a configuration.</summary>
    public string? Pool { get; }

    /// <summary>The same range under another policy.</summary>
    public AllocationRange Under(AllocationPolicy policy) => new(this, policy, Pool);

    /// <summary>The same range as one of a pool.</summary>
    public AllocationRange Under(AllocationPolicy policy, string pool) => new(this, policy, pool);

    /// <summary>The same range, which doesn't hand out <paramref name="excluded"/> either.</summary>
    public AllocationRange Without(IReadOnlyCollection<AddressRange> excluded) =>
        new(new AllocationRange(Subnet, Bounds, Gateway, [.. _excluded, .. excluded], _skipEdges), Policy, Pool);

    /// <summary>The same range, which hands out nothing for now.</summary>
    public AllocationRange Closed() => new(this, Without([Bounds]));

    /// <summary>
    /// For people: the first and the last address that can be handed out, or could if the range weren't closed; the bounds if there is none.
    /// </summary>
    public override string ToString() => (_open.IsEmpty ? Bounds : _open.Span).ToString();
}
