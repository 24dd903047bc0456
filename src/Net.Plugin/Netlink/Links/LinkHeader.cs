using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Links;

/// <summary><c>struct ifinfomsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort HardwareType;
    public int Index;
    public LinkFlags Flags;
    public LinkFlags Change;
}

/// <summary>Interface flags (netdevice(7)).</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 0x1,
    Loopback = 0x8,
    Running = 0x40,
    LowerUp = 0x10000,
}
