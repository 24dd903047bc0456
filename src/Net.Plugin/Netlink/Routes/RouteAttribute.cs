namespace Net.Plugin.Netlink.Routes;

/// <summary>Attributes of route messages (linux/rtnetlink.h, RTA_* and RTAX_*).</summary>
internal static class RouteAttribute
{
    public const ushort Destination = 1;
    public const ushort OutputInterface = 4;
    public const ushort Gateway = 5;
    public const ushort Priority = 6;
    public const ushort PreferredSource = 7;
    public const ushort Metrics = 8;
    public const ushort MultiPath = 9;
    public const ushort Table = 15;

    /// <summary>A gateway of the other family: its number, then the address.</summary>
    public const ushort Via = 18;

    /// <summary>Nested in <see cref="Metrics"/>.</summary>
    public const ushort Mtu = 2;

    /// <summary>Nested in <see cref="Metrics"/>.</summary>
    public const ushort AdvertisedMss = 8;
}
