using System.Net;
using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Routes;

/// <summary>Reads the value of RTA_MULTIPATH: a list of next hops, each with attributes of its own.</summary>
internal static class NextHopReader
{
    private const int HeaderSize = 8;

    /// <exception cref="MalformedMessageException">A length that is shorter than a header or longer than what there is.</exception>
    public static List<NextHop> Read(ReadOnlySpan<byte> bytes)
    {
        var hops = new List<NextHop>();
        while (MemoryMarshal.TryRead<NextHopHeader>(bytes, out var header))
        {
            if (header.Length < HeaderSize || header.Length > bytes.Length)
                throw new MalformedMessageException($"a next hop claims {header.Length} bytes, {bytes.Length} are left of its route");
            var gateway = ReadGateway(new AttributeReader(bytes[HeaderSize..header.Length]));
            hops.Add(new NextHop(header.Index, gateway, (NextHopFlags)header.Flags, header.Hops + 1));
            bytes = bytes[Math.Min(Alignment.Align(header.Length), bytes.Length)..];
        }
        return hops;
    }

    private static IPAddress? ReadGateway(AttributeReader attributes)
    {
        while (attributes.TryRead(out var attribute))
        {
            if (attribute.Type == RouteAttribute.Gateway)
                return attribute.Address;
            if (attribute.Type == RouteAttribute.Via)
                return attribute.AddressAfterFamily;
        }
        return null;
    }
}
