namespace Net.Plugin.Netlink.Routes;

/// <summary>Flags of a route's next hop (linux/rtnetlink.h, RTNH_F_*).</summary>
[Flags]
internal enum NextHopFlags : uint
{
    None = 0,
    Dead = 1,

    /// <summary>The gateway is on the link whatever the other routes say.</summary>
    OnLink = 4,
    LinkDown = 16,
}
