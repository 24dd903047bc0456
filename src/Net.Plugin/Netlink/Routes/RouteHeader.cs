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
