using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Routes;

/// <summary><c>struct rtnexthop</c>; the length counts this structure and the attributes after it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NextHopHeader
{
    public ushort Length;
    public byte Flags;
    public byte Hops;
    public int Index;
}
