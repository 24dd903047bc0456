using System.Net;
using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Routes;

/// <summary>One of the ways that a multipath route offers.</summary>
/// <param name="Index">Number of the interface it leaves through.</param>
/// <param name="Gateway">Null: the destination is on the link.</param>
/// <param name="Flags">State of this way.</param>
/// <param name="Weight">At least 1.</param>
internal sealed record NextHop(int Index, IPAddress? Gateway, NextHopFlags Flags, int Weight);

/// <summary>Flags of a route's next hop (linux/rtnetlink.h, RTNH_F_*).</summary>
[Flags]
internal enum NextHopFlags : uint
{
    None = 0,
    Dead = 1,

    /// <summary>The gateway is on the link whatever the other routes say.</summary>
    OnLink = 4,
    LinkDown = 16,
}

/// <summary><c>struct rtnexthop</c>; the length counts this structure and the attributes after it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NextHopHeader
{
    public ushort Length;
    public byte Flags;
    public byte Hops;
    public int Index;
}
