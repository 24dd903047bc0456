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

/// <summary>Flags of an interface's address (linux/if_addr.h, IFA_F_*).</summary>
[Flags]
internal enum AddressFlags : uint
{
    None = 0,
    NoDuplicateDetection = 0x02,
    DuplicateDetected = 0x08,
    Tentative = 0x40,
    Permanent = 0x80,

    /// <summary>The kernel adds no route to the address's prefix.</summary>
    NoPrefixRoute = 0x200,
}
