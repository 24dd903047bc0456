namespace Net.Plugin.Netlink.Routes;

/// <summary>How far away a route's destination is (rtnetlink(7), rtm_scope). IPv6 knows only <see cref="Universe"/>.</summary>
internal enum RouteScope : byte
{
    Universe = 0,
    Site = 200,
    Link = 253,
    Host = 254,
    Nowhere = 255,
}
