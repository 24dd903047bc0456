namespace Net.Plugin.Netlink.Addresses;

/// <summary>Asks for the addresses of one interface. Kernels that can't filter list those of all.</summary>
internal sealed record AddressList(int Index) : INetlinkRequest
{
    /// <summary>The number of the namespace whose interface it is, as the socket's namespace has it; null: that one itself.</summary>
    public int? NamespaceId { get; init; }

    public ushort Type => RouteMessageType.GetAddress;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new AddressHeader { Index = Index });
        if (NamespaceId is { } id)
            writer.Attribute(AddressAttribute.TargetNamespaceId, (uint)id);
    }

    public string Describe() => $"list the addresses of interface number {Index}";
}
