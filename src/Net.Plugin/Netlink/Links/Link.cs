namespace Net.Plugin.Netlink.Links;

/// <summary>A network interface as the kernel describes it.</summary>
/// <param name="Index">Its number, unique in its network namespace.</param>
/// <param name="Name">Its name, unique in its network namespace.</param>
/// <param name="Kind">The driver's name, such as <c>veth</c>; null for a physical one or the loopback.</param>
/// <param name="Mac">Null where it has no Ethernet address.</param>
/// <param name="Mtu">Largest packet in bytes.</param>
/// <param name="Flags">Administrative and operational state.</param>
/// <param name="PeerIndex">The other end of a veth, in that end's namespace; 0 when there is none.</param>
/// <param name="Alias">Free text that an administrator or a program attached.</param>
/// <param name="PeerNamespaceId">The number that this link's namespace has for the one of the other end of a veth; null where both are in one.</param>
internal sealed record Link(
    int Index, string Name, string? Kind, MacAddress? Mac, uint Mtu, LinkFlags Flags, int PeerIndex, string? Alias, int? PeerNamespaceId)
{
    public bool IsUp => Flags.HasFlag(LinkFlags.Up);

    /// <summary>The other end's number. Where it equals this one's, older kernels leave it out.</summary>
    public int PeerIndexOrOwn => PeerIndex != 0 ? PeerIndex : Index;

    public bool IsVeth => Kind == VethCreation.Kind;

    /// <summary>Null for a message that is not about a link.</summary>
    public static Link? Parse(NetlinkMessage message)
    {
        if (message.Type != RouteMessageType.NewLink)
            return null;
        var header = message.Structure<LinkHeader>(out var attributes);
        var link = new Link(header.Index, "", null, null, 0, header.Flags, 0, null, null);
        while (attributes.TryRead(out var attribute))
        {
            link = attribute.Type switch
            {
                LinkAttribute.Name => link with { Name = attribute.Text },
                LinkAttribute.Mtu => link with { Mtu = attribute.UInt32 },
                LinkAttribute.Link => link with { PeerIndex = attribute.Int32 },
                LinkAttribute.LinkNamespaceId => link with { PeerNamespaceId = attribute.Int32 },
                LinkAttribute.Alias => link with { Alias = attribute.Text },
                LinkAttribute.Address when attribute.Value.Length == MacAddress.Size => link with { Mac = new MacAddress(attribute.Value) },
                LinkAttribute.Information => link with { Kind = ParseKind(attribute.Nested) },
                _ => link,
            };
        }
        return link;
    }

    private static string? ParseKind(AttributeReader information)
    {
        while (information.TryRead(out var attribute))
        {
            if (attribute.Type == LinkAttribute.Kind)
                return attribute.Text;
        }
        return null;
    }
}
