namespace Net.Plugin.Netlink.Addresses;

/// <summary>Takes an address from an interface; EADDRNOTAVAIL if it doesn't have it.</summary>
internal sealed record AddressRemoval(int Index, IpPrefix Address) : INetlinkRequest
{
    public ushort Type => RouteMessageType.DeleteAddress;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer) => AddressTarget.Write(ref writer, Index, Address, scope: 0);

    public string Describe() => $"remove address {Address} from interface number {Index}";
}
