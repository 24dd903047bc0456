using System.Net;
using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink.Routes;

/// <summary>A route's message body, the same for adding and removing.</summary>
internal static class RouteWriting
{
    // Table numbers above a byte go into an attribute; the header then says "unspecified".
    private const uint LargestHeaderTable = byte.MaxValue;
    private const int LargestAddress = 16;

    public static void Write(this Route route, ref NetlinkWriter writer)
    {
        var destination = route.Destination.Network;
        writer.Structure(new RouteHeader
        {
            Family = destination.Family,
            DestinationLength = (byte)destination.Length,
            Table = (byte)(route.Table <= LargestHeaderTable ? route.Table : RouteTable.Unspecified),
            Protocol = route.Protocol,
            Scope = route.Scope,
            Type = route.Type,
            Flags = route.Flags,
        });
        if (route.Table > LargestHeaderTable)
            writer.Attribute(RouteAttribute.Table, route.Table);
        if (destination.Length > 0)
            writer.Attribute(RouteAttribute.Destination, destination.Address);
        WriteWay(route, ref writer);
        if (route.Metric != 0)
            writer.Attribute(RouteAttribute.Priority, route.Metric);
        WriteMetrics(route, ref writer);
    }

    private static void WriteWay(Route route, ref NetlinkWriter writer)
    {
        if (route.Gateway is { } gateway)
            WriteGateway(gateway, route.Destination.Family, ref writer);
        if (route.PreferredSource is { } source)
            writer.Attribute(RouteAttribute.PreferredSource, source);
        if (route.Index != 0)
            writer.Attribute(RouteAttribute.OutputInterface, (uint)route.Index);
    }

    // In RTA_GATEWAY the kernel takes as many bytes as the destination's family has, whatever there is.
    private static void WriteGateway(IPAddress gateway, IpFamily family, ref NetlinkWriter writer)
    {
        if (gateway.Family() == family)
        {
            writer.Attribute(RouteAttribute.Gateway, gateway);
            return;
        }
        Span<byte> via = stackalloc byte[sizeof(ushort) + LargestAddress];
        MemoryMarshal.Write(via, (ushort)gateway.Family());
        gateway.TryWriteBytes(via[sizeof(ushort)..], out var length);
        writer.Attribute(RouteAttribute.Via, via[..(sizeof(ushort) + length)]);
    }

    private static void WriteMetrics(Route route, ref NetlinkWriter writer)
    {
        if (route.Mtu == 0 && route.AdvertisedMss == 0)
            return;
        var metrics = writer.BeginNested(RouteAttribute.Metrics);
        if (route.Mtu != 0)
            writer.Attribute(RouteAttribute.Mtu, route.Mtu);
        if (route.AdvertisedMss != 0)
            writer.Attribute(RouteAttribute.AdvertisedMss, route.AdvertisedMss);
        writer.EndNested(metrics);
    }
}
