namespace Net.Plugin.Netlink.Addresses;

/// <summary>
/// Gives an interface an address; EEXIST if it has it. An IPv4 prefix of at least four addresses gets its broadcast address, as
/// RFC 3021 leaves none to a /31.
/// </summary>
internal sealed record AddressAddition(int Index, IpPrefix Address, AddressFlags AddressFlags = AddressFlags.None, byte Scope = 0) : INetlinkRequest
{
    private const int LongestWithBroadcast = 30;

    public ushort Type => RouteMessageType.NewAddress;

    public MessageFlags Flags => MessageFlags.Create | MessageFlags.Exclusive;

    public void Write(ref NetlinkWriter writer)
    {
        AddressTarget.Write(ref writer, Index, Address, Scope);
        if (Address.Family == IpFamily.V4 && Address.Length <= LongestWithBroadcast)
            writer.Attribute(AddressAttribute.Broadcast, Address.Last);
        if (AddressFlags != AddressFlags.None)
            writer.Attribute(AddressAttribute.Flags, (uint)AddressFlags);
    }

    public string Describe() => $"add address {Address} to interface number {Index}";
}
