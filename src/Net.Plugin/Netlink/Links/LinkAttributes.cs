namespace Net.Plugin.Netlink.Links;

/// <summary>Ethernet addresses as attribute values.</summary>
internal static class LinkAttributes
{
    public static void Attribute(this ref NetlinkWriter writer, ushort type, MacAddress address)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        address.CopyTo(bytes);
        writer.Attribute(type, bytes);
    }
}
