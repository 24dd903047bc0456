using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>A part of a subnet, as people write it. What is left out follows host-local's defaults.</summary>
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

    /// <summary>Whether the .0 and .255 of each /24 of IPv4 are never handed out either, which some old equipment takes for network and broadcast address.</summary>
    public bool SkipEdges { get; init; }

    /// <summary>Whether who asks for an address of the subnet outside the range gets it.</summary>
    public bool AllowOutside { get; init; }

    /// <summary>First and last address, written or by default.</summary>
    public AddressRange Bounds => new(FirstOrDefault, LastOrDefault);

    /// <summary>Whether the subnet has its default gateway where none is written.</summary>
    public bool HasGatewayByDefault { get; init; } = true;

    /// <summary>The gateway as people write it; null if it is left out.</summary>
    public string? GatewayText => Gateway?.ToString() ?? (HasGatewayByDefault ? null : RangeForm.NoGateway);

    /// <summary>The gateway, written or by default; null if the subnet has none.</summary>
    public Address? GatewayOrDefault => Gateway ?? (HasGatewayByDefault ? SubnetDefaults.Gateway(Subnet) : null);

    /// <summary>The range in a few characters: its subnet, or its first and last address if it isn't all of the subnet.</summary>
    public string Text => First is null && Last is null ? Subnet.ToString() : Bounds.ToString();

    private Address FirstOrDefault => First ?? SubnetDefaults.First(Subnet);

    private Address LastOrDefault => Last ?? SubnetDefaults.Last(Subnet);

    /// <summary>What is wrong with the range: what was found and what is wanted; null if nothing is.</summary>
    /// <param name="where">What to call the range.</param>
    public string? Check(string where)
    {
        if (Subnet.HasHostBits)
            return $"{where}: Network has host bits set. For a subnet mask of length {Subnet.Length} the network address is {Subnet.First}";
        return CheckInside(First, where, "rangeStart") ?? CheckInside(Last, where, "rangeEnd") ?? CheckFamily(Gateway, where, "gateway") ?? CheckIsHost(Gateway, where)
            ?? (FirstOrDefault > LastOrDefault ? $"{where}: rangeStart {FirstOrDefault} comes after rangeEnd {LastOrDefault} of subnet {Subnet}" : null);
    }

    /// <summary>What the range hands out, of which nothing is in <paramref name="masked"/>.</summary>
    public AllocationRange Without(IEnumerable<AddressRange> masked) =>
        new(Subnet, Bounds, GatewayOrDefault, [.. masked, .. Excluded, .. SubnetDefaults.NeverHandedOut(Subnet)], SkipEdges, AllowOutside);

    /// <summary>What is wrong with a gateway that isn't in the subnet; null if nothing is. host-local takes such a gateway.</summary>
    /// <param name="where">What to call the range.</param>
    public string? CheckGatewayIsInside(string where) => CheckInside(Gateway, where, "gateway");

    private string? CheckInside(Address? address, string where, string key) => CheckFamily(address, where, key) ?? (address is { } found && !Subnet.Contains(found)
        ? $"{where}: {key} {found} is not in subnet {Subnet}, which goes from {Subnet.First} to {Subnet.Last}"
        : null);

    /// <summary>A container sends to its gateway, so it must be the address of one host, and not the container itself.</summary>
    private static string? CheckIsHost(Address? gateway, string where) => gateway is { IsOneHost: false } found
        ? $"{where}: gateway {found} is not the address of a host: it is unspecified, loopback, multicast or broadcast; give the router's address, or leave it out"
        : null;

    private string? CheckFamily(Address? address, string where, string key) => address is { } found && found.Family != Subnet.Address.Family
        ? $"{where}: {key} {found} is not of the subnet's address family; give each family a range of its own"
        : null;
}
