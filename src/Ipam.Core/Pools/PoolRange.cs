using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>A part of a subnet, as the configuration of a pool names it. What is left out follows host-local's defaults.</summary>
public sealed record PoolRange
{
    /// <summary>The subnet, without host bits.</summary>
    public required Prefix Subnet { get; init; }

    /// <summary>The first address; null for the subnet's default.</summary>
    public Address? First { get; init; }

    /// <summary>The last address; null for the subnet's default.</summary>
    public Address? Last { get; init; }

    /// <summary>The gateway, which is never handed out; null for the subnet's default.</summary>
    public Address? Gateway { get; init; }

    /// <summary>Addresses that are never handed out.</summary>
    public IReadOnlyList<AddressRange> Excluded { get; init; } = [];
}
