using System.Net;
using Net.Plugin.Netlink;

namespace Net.Plugin.Ptp;

/// <summary>
/// The host's address on the link where IPAM names no gateway. It means nothing beyond the link, so every attachment's host end can have it.
/// </summary>
internal static class LinkLocalGateway
{
    private static readonly IPAddress V4 = new([169, 254, 1, 1]);
    private static readonly IPAddress V6 = IPAddress.Parse("fe80::1");

    public static IPAddress Of(IpFamily family) => family == IpFamily.V4 ? V4 : V6;

    public static bool Is(IPAddress address) => address.Equals(V4) || address.Equals(V6);
}
