using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Routes;

/// <summary><c>struct rtmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteHeader
{
    public IpFamily Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;
    public byte Table;
    public RouteProtocol Protocol;
    public RouteScope Scope;
    public RouteType Type;
    public NextHopFlags Flags;
}

/// <summary>Who made a route (rtnetlink(7), rtm_protocol).</summary>
internal enum RouteProtocol : byte
{
    Unspecified = 0,
    Redirect = 1,
    Kernel = 2,
    Boot = 3,
    Static = 4,

    /// <summary>From a router's advertisement.</summary>
    RouterAdvertisement = 9,
}

/// <summary>How far away a route's destination is (rtnetlink(7), rtm_scope). IPv6 knows only <see cref="Universe"/>.</summary>
internal enum RouteScope : byte
{
    Universe = 0,
    Site = 200,
    Link = 253,
    Host = 254,
    Nowhere = 255,
}

/// <summary>What happens to packets that match (rtnetlink(7), rtm_type).</summary>
internal enum RouteType : byte
{
    Unspecified = 0,
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,
}
