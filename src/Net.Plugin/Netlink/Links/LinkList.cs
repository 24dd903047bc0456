namespace Net.Plugin.Netlink.Links;

/// <summary>Asks for all links, or for those of one kind. Kernels that can't filter list all of them.</summary>
internal sealed record LinkList(string? Kind) : INetlinkRequest
{
    public ushort Type => RouteMessageType.GetLink;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.ExtendedMask, LinkQuery.SkipStatistics);
        if (Kind is null)
            return;
        var information = writer.BeginNested(LinkAttribute.Information);
        writer.Attribute(LinkAttribute.Kind, Kind);
        writer.EndNested(information);
    }

    public string Describe() => Kind is null ? "list the interfaces" : $"list the {Kind} interfaces";
}
