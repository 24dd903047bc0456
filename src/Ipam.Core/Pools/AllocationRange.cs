using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// The part of a subnet that addresses are handed out from: <see cref="Bounds"/> without exclusions and without the gateway; and what else is had by those who ask for that
/// very address. Immutable.
/// </summary>
public sealed class AllocationRange
{
    private readonly IReadOnlyCollection<AddressRange> _excluded;
    private readonly bool _skipEdges;
    private IReadOnlyCollection<AddressRange> _keptBack = [];

    /// <summary>A range. The gateway needs no mention in <paramref name="excluded"/>.</summary>
    /// <param name="subnet">The subnet, whose length becomes the prefix length of the addresses handed out.</param>
    /// <param name="bounds">The first and the last address; inside the subnet.</param>
    /// <param name="gateway">The subnet's gateway, if it has one.</param>
    /// <param name="excluded">Addresses that are never handed out; those outside the subnet don't matter.</param>
    /// <param name="skipEdges">Whether the .0 and .255 of each /24 are never handed out either.</param>
    /// <param name="allowOutside">Whether who asks for an address of the subnet outside the bounds gets it.</param>
    public AllocationRange(
        Prefix subnet, AddressRange bounds, Address? gateway, IReadOnlyCollection<AddressRange> excluded, bool skipEdges = false, bool allowOutside = false)
    {
        (Subnet, Bounds, Gateway, AllowsOutside) = (subnet, bounds, gateway, allowOutside);
        (_excluded, _skipEdges) = (gateway is { } g ? [.. excluded, new AddressRange(g, g)] : excluded, skipEdges);
        Allocatable = AllocatableWhenOpen = Of(bounds, _excluded);
        Requestable = allowOutside ? Of(Reach, _excluded) : Allocatable;
    }

    private AllocationRange(AllocationRange other)
    {
        (Subnet, Bounds, Gateway, AllowsOutside) = (other.Subnet, other.Bounds, other.Gateway, other.AllowsOutside);
        (_excluded, _skipEdges, _keptBack) = (other._excluded, other._skipEdges, other._keptBack);
        (Allocatable, AllocatableWhenOpen, Requestable) = (other.Allocatable, other.AllocatableWhenOpen, other.Requestable);
        (Policy, Pool) = (other.Policy, other.Pool);
    }

    /// <summary>The subnet.</summary>
    public Prefix Subnet { get; }

    /// <summary>First and last address of the range.</summary>
    public AddressRange Bounds { get; }

    /// <summary>Whether who asks for an address of the subnet outside the bounds gets it.</summary>
    public bool AllowsOutside { get; }

    /// <summary>First and last address that the range may have handed out: of the bounds, or of the subnet.</summary>
    public AddressRange Reach => AllowsOutside ? new AddressRange(Subnet.First, Subnet.Last) : Bounds;

    /// <summary>The gateway, which is never handed out.</summary>
    public Address? Gateway { get; }

    /// <summary>The addresses that can be handed out.</summary>
    public IntervalSet Allocatable { get; private init; }

    /// <summary>The addresses that could be handed out if the range weren't closed.</summary>
    public IntervalSet AllocatableWhenOpen { get; private init; }

    /// <summary>The addresses that can be handed out to who asks for them: the <see cref="Allocatable"/> ones, and maybe more.</summary>
    public IntervalSet Requestable { get; private init; }

    /// <summary>How addresses are chosen. An affinity that isn't said is none.</summary>
    public AllocationPolicy Policy { get; private init; } = new();

    /// <summary>The name of the pool that the range is of; null for a range of a configuration.</summary>
    public string? Pool { get; private init; }

    /// <summary>Which of some ranges a lease of an address is of: the first that has it in its bounds, or else the first that reaches it; null for none.</summary>
    public static AllocationRange? WithAddress(IReadOnlyList<AllocationRange> ranges, Address address)
    {
        AllocationRange? reaching = null;
        foreach (var range in ranges)
        {
            if (range.Bounds.Contains(address))
                return range;
            if (range.AllowsOutside && range.Reach.Contains(address))
                reaching ??= range;
        }
        return reaching;
    }

    /// <summary>The same range under another policy.</summary>
    public AllocationRange Under(AllocationPolicy policy) => new(this) { Policy = policy };

    /// <summary>The same range as one of a pool.</summary>
    public AllocationRange Under(AllocationPolicy policy, string pool) => new(this) { Policy = policy, Pool = pool };

    /// <summary>The same range, which doesn't hand out <paramref name="excluded"/> either.</summary>
    public AllocationRange Without(IReadOnlyCollection<AddressRange> excluded) =>
        new AllocationRange(Subnet, Bounds, Gateway, [.. _excluded, .. excluded], _skipEdges, AllowsOutside) { Policy = Policy, Pool = Pool }.KeepingBack(_keptBack);

    /// <summary>The same range, which hands out <paramref name="some"/> only to who asks for them.</summary>
    public AllocationRange KeepingBack(IReadOnlyCollection<AddressRange> some)
    {
        if (some.Count == 0)
            return this;
        var left = Of(Bounds, [.. _excluded, .. _keptBack, .. some]);
        return new(this) { _keptBack = [.. _keptBack, .. some], Allocatable = left, AllocatableWhenOpen = left };
    }

    /// <summary>
    /// What the range gives to who asks for one of <paramref name="some"/>, whichever: on whatever node. It hands out nothing else. A closed range stays as it is.
    /// </summary>
    public AllocationRange Among(IReadOnlyCollection<AddressRange> some)
    {
        if (Requestable.IsEmpty)
            return this;
        var wanted = Of(Reach, _excluded.Concat(IntervalSet.Of(Reach, some).Intervals));
        return new(this) { Allocatable = wanted, AllocatableWhenOpen = wanted, Requestable = wanted, Policy = Policy with { IsStrict = false } };
    }

    /// <summary>The same range, which hands out nothing for now.</summary>
    public AllocationRange Closed()
    {
        var nothing = IntervalSet.Of(Bounds, [Bounds]);
        return new(this) { Allocatable = nothing, Requestable = nothing };
    }

    /// <summary>
    /// For people: the first and the last address that can be handed out, or could if the range weren't closed; the bounds if there is none.
    /// </summary>
    public override string ToString() => (AllocatableWhenOpen.IsEmpty ? Bounds : AllocatableWhenOpen.Span).ToString();

    private IntervalSet Of(AddressRange bounds, IEnumerable<AddressRange> excluded) => IntervalSet.Of(bounds, excluded, _skipEdges);
}
