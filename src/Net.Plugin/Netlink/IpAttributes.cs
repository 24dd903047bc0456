using System.Net;

namespace Net.Plugin.Netlink;

/// <summary>Addresses as attribute values: the plain 4 or 16 bytes.</summary>
internal static class IpAttributes
{
    public static void Attribute(this ref NetlinkWriter writer, ushort type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        writer.Attribute(type, bytes[..length]);
    }
}
