namespace Net.Plugin.Netlink.Links;

/// <summary>Interface flags (netdevice(7)).</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 0x1,
    Loopback = 0x8,
    Running = 0x40,
    LowerUp = 0x10000,
}
