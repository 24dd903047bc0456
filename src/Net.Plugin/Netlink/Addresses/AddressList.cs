namespace Net.Plugin.Netlink.Addresses;

/// <summary>Asks for the addresses of one interface. Kernels that can't filter list those of all.</summary>
internal sealed record AddressList(int Index) : INetlinkRequest
{
    public ushort Type => RouteMessageType.GetAddress;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer) => writer.Structure(new AddressHeader { Index = Index });

    public string Describe() => $"list the addresses of interface number {Index}";
}
