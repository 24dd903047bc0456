using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Addresses;

/// <summary><c>struct ifaddrmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    public IpFamily Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int Index;
}
