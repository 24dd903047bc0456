using System.Net;
using System.Net.Sockets;

namespace Net.Plugin.Netlink;

/// <summary>What follows from an address's family.</summary>
internal static class IpFamilies
{
    public static IpFamily Family(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? IpFamily.V4 : IpFamily.V6;

    /// <summary>Bits of an address: 32 or 128.</summary>
    public static int Bits(this IpFamily family) => family == IpFamily.V4 ? 32 : 128;

    /// <summary>The unspecified address, <c>0.0.0.0</c> or <c>::</c>.</summary>
    public static IPAddress Unspecified(this IpFamily family) => family == IpFamily.V4 ? IPAddress.Any : IPAddress.IPv6Any;
}
