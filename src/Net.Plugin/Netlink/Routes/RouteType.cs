namespace Net.Plugin.Netlink.Routes;

/// <summary>What happens to packets that match (rtnetlink(7), rtm_type).</summary>
internal enum RouteType : byte
{
    Unspecified = 0,
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,
}
