namespace Net.Plugin.Netlink.Routes;

/// <summary>Who made a route (rtnetlink(7), rtm_protocol).</summary>
internal enum RouteProtocol : byte
{
    Unspecified = 0,
    Redirect = 1,
    Kernel = 2,
    Boot = 3,
    Static = 4,
}
