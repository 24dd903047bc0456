using System.Net;

namespace Net.Plugin.Netlink.Routes;

/// <summary>A route, as it is asked for and as the kernel lists it.</summary>
internal sealed record Route
{
    /// <summary>Bits below the prefix are cleared when the route is sent.</summary>
    public required IpPrefix Destination { get; init; }

    /// <summary>Null: the destination is on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Number of the interface; 0 for a multipath route.</summary>
    public int Index { get; init; }

    /// <summary>The interface's address to send from; null leaves the choice to the kernel.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>Lower wins. 0: the kernel's default, which for IPv6 is 1024.</summary>
    public uint Metric { get; init; }

    public uint Table { get; init; } = RouteTable.Main;

    public RouteScope Scope { get; init; }

    public RouteProtocol Protocol { get; init; } = RouteProtocol.Boot;

    public RouteType Type { get; init; } = RouteType.Unicast;

    public NextHopFlags Flags { get; init; }

    /// <summary>Largest packet in bytes; 0: the interface's.</summary>
    public uint Mtu { get; init; }

    /// <summary>TCP segment size to advertise, in bytes; 0: derived from the MTU.</summary>
    public uint AdvertisedMss { get; init; }

    /// <summary>The ways of a multipath route; otherwise empty.</summary>
    public IReadOnlyList<NextHop> NextHops { get; init; } = [];

    /// <summary>Null for a message that is not about an IP route.</summary>
    public static Route? Parse(NetlinkMessage message)
    {
        if (message.Type != RouteMessageType.NewRoute)
            return null;
        var header = message.Structure<RouteHeader>(out var attributes);
        if (header.Family is not (IpFamily.V4 or IpFamily.V6) || header.DestinationLength > header.Family.Bits())
            return null;

        var route = new Route
        {
            Destination = new IpPrefix(header.Family.Unspecified(), header.DestinationLength),
            Table = header.Table,
            Scope = header.Scope,
            Protocol = header.Protocol,
            Type = header.Type,
            Flags = header.Flags,
        };
        while (attributes.TryRead(out var attribute))
            route = route.With(attribute);
        return route;
    }

    /// <summary>As <c>ip route</c> would say it, less the interface.</summary>
    public override string ToString() =>
        $"{Destination}{(Gateway is null ? "" : $" via {Gateway}")}{(PreferredSource is null ? "" : $" src {PreferredSource}")}"
        + $"{(Metric == 0 ? "" : $" metric {Metric}")}{(Table == RouteTable.Main ? "" : $" table {Table}")}";

    private Route With(NetlinkAttribute attribute) => attribute.Type switch
    {
        RouteAttribute.Destination => this with { Destination = Destination with { Address = attribute.Address } },
        RouteAttribute.OutputInterface => this with { Index = attribute.Int32 },
        RouteAttribute.Gateway => this with { Gateway = attribute.Address },
        RouteAttribute.Via => this with { Gateway = attribute.AddressAfterFamily },
        RouteAttribute.Priority => this with { Metric = attribute.UInt32 },
        RouteAttribute.PreferredSource => this with { PreferredSource = attribute.Address },
        RouteAttribute.Table => this with { Table = attribute.UInt32 },
        RouteAttribute.MultiPath => this with { NextHops = NextHopReader.Read(attribute.Value) },
        RouteAttribute.Metrics => WithMetrics(attribute.Nested),
        _ => this,
    };

    private Route WithMetrics(AttributeReader metrics)
    {
        var route = this;
        while (metrics.TryRead(out var attribute))
        {
            route = attribute.Type switch
            {
                RouteAttribute.Mtu => route with { Mtu = attribute.UInt32 },
                RouteAttribute.AdvertisedMss => route with { AdvertisedMss = attribute.UInt32 },
                _ => route,
            };
        }
        return route;
    }
}
