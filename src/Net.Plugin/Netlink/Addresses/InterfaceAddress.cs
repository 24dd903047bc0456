using System.Net;

namespace Net.Plugin.Netlink.Addresses;

/// <summary>An address that an interface has.</summary>
/// <param name="Index">The interface's number.</param>
/// <param name="Address">The interface's own address and its prefix length.</param>
/// <param name="Scope">rtm_scope's numbers: 0 global, 253 link, 254 host.</param>
/// <param name="Flags">As the kernel has them now: duplicate address detection changes them.</param>
/// <param name="Broadcast">IPv4 only.</param>
internal sealed record InterfaceAddress(int Index, IpPrefix Address, byte Scope, AddressFlags Flags, IPAddress? Broadcast)
{
    /// <summary>Null for a message that is not about an address, or not about an IP address.</summary>
    public static InterfaceAddress? Parse(NetlinkMessage message)
    {
        if (message.Type != RouteMessageType.NewAddress)
            return null;
        var header = message.Structure<AddressHeader>(out var attributes);
        if (header.Family is not (IpFamily.V4 or IpFamily.V6))
            return null;

        IPAddress? local = null, address = null, broadcast = null;
        var flags = (AddressFlags)header.Flags;
        while (attributes.TryRead(out var attribute))
        {
            switch (attribute.Type)
            {
                case AddressAttribute.Address: address = attribute.Address; break;
                case AddressAttribute.Local: local = attribute.Address; break;
                case AddressAttribute.Broadcast: broadcast = attribute.Address; break;
                case AddressAttribute.Flags: flags = (AddressFlags)attribute.UInt32; break;
            }
        }
        // With a peer address set, IFA_ADDRESS is the peer and IFA_LOCAL the interface's own.
        var own = local ?? address ?? throw new MalformedMessageException("an address message carries no address");
        return new InterfaceAddress(header.Index, new IpPrefix(own, header.PrefixLength), header.Scope, flags, broadcast);
    }
}
