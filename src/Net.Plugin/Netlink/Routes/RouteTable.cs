namespace Net.Plugin.Netlink.Routes;

/// <summary>Numbers of the routing tables that every namespace has.</summary>
internal static class RouteTable
{
    public const uint Unspecified = 0;
    public const uint Main = 254;
    public const uint Local = 255;
}
