namespace Net.Plugin.Netlink.Routes;

/// <summary>The everyday questions about routes.</summary>
internal static class RouteCalls
{
    /// <summary>The routes of all tables through the interface, those with it among their next hops included.</summary>
    public static List<Route> ListRoutes(this NetlinkSocket socket, IpFamily family, int index) =>
        socket.Dump(new RouteList(family, index), message => Route.Parse(message) is { } route && LeadsThrough(route, index) ? route : null);

    /// <summary>The routes of all tables that this made.</summary>
    public static List<Route> ListRoutes(this NetlinkSocket socket, IpFamily family, RouteProtocol protocol) =>
        socket.Dump(
            new RouteList(family, Index: 0) { Protocol = protocol },
            message => Route.Parse(message) is { } route && route.Protocol == protocol ? route : null);

    /// <summary>The routes to single addresses, of all tables and both families.</summary>
    public static List<Route> ListRoutesToHosts(this NetlinkSocket socket)
    {
        List<Route> routes = [];
        foreach (var family in IpFamilies.Both)
            routes.AddRange(socket.ListRoutes(family, index: 0).FindAll(static route => route.Destination.IsHost));
        return routes;
    }

    private static bool LeadsThrough(Route route, int index)
    {
        if (index == 0 || route.Index == index)
            return true;
        foreach (var hop in route.NextHops)
        {
            if (hop.Index == index)
                return true;
        }
        return false;
    }
}
