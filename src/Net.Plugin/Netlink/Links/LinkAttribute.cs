namespace Net.Plugin.Netlink.Links;

/// <summary>Attributes of link messages (linux/if_link.h, IFLA_*; linux/veth.h, VETH_*).</summary>
internal static class LinkAttribute
{
    public const ushort Address = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Link = 5;
    public const ushort Information = 18;
    public const ushort Alias = 20;
    public const ushort NamespaceFd = 28;
    public const ushort ExtendedMask = 29;
    public const ushort FamilySpecific = 26;
    public const ushort LinkNamespaceId = 37;

    /// <summary>Nested in <see cref="FamilySpecific"/>, in the attribute of the IPv6 family.</summary>
    public const ushort AddressGeneration = 8;

    /// <summary>Nested in <see cref="Information"/>.</summary>
    public const ushort Kind = 1;

    /// <summary>Nested in <see cref="Information"/>.</summary>
    public const ushort KindData = 2;

    /// <summary>Nested in <see cref="KindData"/> of a veth: a link header and attributes for the other end.</summary>
    public const ushort VethPeer = 1;
}
