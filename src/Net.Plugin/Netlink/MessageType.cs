namespace Net.Plugin.Netlink;

/// <summary>Message types below 16, which every netlink family shares (netlink(7)).</summary>
internal static class MessageType
{
    public const ushort Error = 2;
    public const ushort Done = 3;
}
