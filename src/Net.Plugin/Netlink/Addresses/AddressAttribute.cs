namespace Net.Plugin.Netlink.Addresses;

/// <summary>Attributes of address messages (linux/if_addr.h, IFA_*).</summary>
internal static class AddressAttribute
{
    public const ushort Address = 1;
    public const ushort Local = 2;
    public const ushort Broadcast = 4;
    public const ushort Flags = 8;
    public const ushort TargetNamespaceId = 10;
}
