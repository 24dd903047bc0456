using Ipam.Core.Addresses;

namespace Ipam.Core.Ranges;

/// <summary>
/// The part of a subnet that addresses are handed out from: <see cref="Bounds"/> without exclusions and without the gateway. Immutable.
/// </summary>
public sealed class AllocationRange
{
    /// <summary>A range. The gateway needs no mention in <paramref name="excluded"/>.</summary>
    /// <param name="subnet">The subnet, whose length becomes the prefix length of the addresses handed out.</param>
    /// <param name="bounds">The first and the last address; inside the subnet.</param>
    /// <param name="gateway">The subnet's gateway, if it has one.</param>
    /// <param name="excluded">Addresses that are never handed out; those outside the bounds don't matter.</param>
    public AllocationRange(Prefix subnet, AddressRange bounds, Address? gateway, IReadOnlyCollection<AddressRange> excluded)
    {
        Subnet = subnet;
        Bounds = bounds;
        Gateway = gateway;
        Allocatable = IntervalSet.Of(bounds, gateway is { } g ? excluded.Append(new AddressRange(g, g)) : excluded);
    }

    /// <summary>The subnet.</summary>
    public Prefix Subnet { get; }

    /// <summary>First and last address of the range.</summary>
    public AddressRange Bounds { get; }

    /// <summary>The gateway, which is never handed out.</summary>
    public Address? Gateway { get; }

    /// <summary>The addresses that can be handed out.</summary>
    public IntervalSet Allocatable { get; }

    /// <inheritdoc/>
    public override string ToString() => Bounds.ToString();
}
