using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Plugin.Firewall.Nftables;

/// <summary><c>struct nfgenmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NftHeader(NftFamily family, ushort resource = 0)
{
    private readonly NftFamily _family = family;
    private readonly byte _version = 0;
    private readonly ushort _bigEndianResource = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(resource) : resource;
}

/// <summary>Families of tables (NFPROTO_*).</summary>
internal enum NftFamily : byte
{
    Unspecified = 0,

    /// <summary>IPv4 and IPv6 in one table.</summary>
    Inet = 1,
    V4 = 2,
    V6 = 10,
}
