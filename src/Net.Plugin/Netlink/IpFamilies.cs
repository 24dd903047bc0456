using System.Net;
using System.Net.Sockets;

namespace Net.Plugin.Netlink;

/// <summary>What follows from an address's family.</summary>
internal static class IpFamilies
{
    // 224.0.0.0/4
    private const byte FirstMulticast = 224;
    private const byte LastMulticast = 239;

    /// <summary>IPv4, then IPv6.</summary>
    public static ReadOnlySpan<IpFamily> Both => [IpFamily.V4, IpFamily.V6];

    public static IpFamily Family(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? IpFamily.V4 : IpFamily.V6;

    /// <summary>Whether it is <c>0.0.0.0</c> or <c>::</c>.</summary>
    public static bool IsUnspecified(this IPAddress address) => address.Equals(address.Family().Unspecified());

    /// <summary>
    /// Whether a machine on a network can have the address: it isn't unspecified, nor in 0.0.0.0/8 or a loopback's, multicast or the limited
    /// broadcast (RFC 6890).
    /// </summary>
    public static bool IsHostAddress(this IPAddress address)
    {
        if (address.IsUnspecified() || IPAddress.IsLoopback(address) || address.IsIPv6Multicast || address.Equals(IPAddress.Broadcast))
            return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.Family() == IpFamily.V6 || bytes[0] is not (0 or >= FirstMulticast and <= LastMulticast);
    }

    /// <summary>Bits of an address: 32 or 128.</summary>
    public static int Bits(this IpFamily family) => family == IpFamily.V4 ? 32 : 128;

    /// <summary>The unspecified address, <c>0.0.0.0</c> or <c>::</c>.</summary>
    public static IPAddress Unspecified(this IpFamily family) => family == IpFamily.V4 ? IPAddress.Any : IPAddress.IPv6Any;
}
