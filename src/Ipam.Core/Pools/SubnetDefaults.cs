using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// The defaults of a range, as in host-local. The gateway is the first address after the network address. All other addresses are handed out,
/// except the network and the broadcast address. Subnets of one or two addresses have neither of these two (RFC 3021, RFC 6164), and they have
/// a gateway only if one is given.
/// </summary>
public static class SubnetDefaults
{
    /// <summary>The first address of a range.</summary>
    public static Address First(Prefix subnet) => Offset(subnet.First, IsPointToPoint(subnet) ? 0u : 1u);

    /// <summary>The last address of a range.</summary>
    public static Address Last(Prefix subnet) =>
        HasBroadcast(subnet) ? subnet.Last with { Value = subnet.Last.Value - 1 } : subnet.Last;

    /// <summary>The gateway.</summary>
    public static Address? Gateway(Prefix subnet) => IsPointToPoint(subnet) ? null : Offset(subnet.First, 1);

    /// <summary>The addresses that are never handed out, even if a range names them.</summary>
    public static IEnumerable<AddressRange> NeverHandedOut(Prefix subnet)
    {
        if (!IsPointToPoint(subnet))
            yield return new AddressRange(subnet.First, subnet.First);
        if (HasBroadcast(subnet))
            yield return new AddressRange(subnet.Last, subnet.Last);
    }

    private static bool HasBroadcast(Prefix subnet) => subnet.Address.Family == IpFamily.V4 && !IsPointToPoint(subnet);

    private static bool IsPointToPoint(Prefix subnet) => subnet.Address.Bits - subnet.Length < 2;

    private static Address Offset(Address address, uint offset) => address with { Value = address.Value + offset };
}
