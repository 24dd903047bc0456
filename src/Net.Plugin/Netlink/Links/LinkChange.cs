namespace Net.Plugin.Netlink.Links;

/// <summary>Changes an existing link, found by its index or else by its name. What is null stays as it is.</summary>
internal sealed record LinkChange : INetlinkRequest
{
    /// <summary>0: find it by <see cref="Name"/>.</summary>
    public int Index { get; init; }

    /// <summary>Finds the link where <see cref="Index"/> is 0; otherwise its new name.</summary>
    public string? Name { get; init; }

    public bool? Up { get; init; }

    public string? Alias { get; init; }

    public MacAddress? Mac { get; init; }

    public uint? Mtu { get; init; }

    /// <summary>How the kernel makes the link-local address when the link comes up next.</summary>
    public LinkLocalGeneration? LinkLocal { get; init; }

    public ushort Type => RouteMessageType.SetLink;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new LinkHeader
        {
            Index = Index,
            Flags = Up == true ? LinkFlags.Up : LinkFlags.None,
            Change = Up is null ? LinkFlags.None : LinkFlags.Up,
        });
        if (Name is not null)
            writer.Attribute(LinkAttribute.Name, Name);
        if (Alias is not null)
            writer.Attribute(LinkAttribute.Alias, Alias);
        if (Mac is { } mac)
            writer.Attribute(LinkAttribute.Address, mac);
        if (Mtu is { } mtu)
            writer.Attribute(LinkAttribute.Mtu, mtu);
        if (LinkLocal is { } linkLocal)
            Write(linkLocal, ref writer);
    }

    private static void Write(LinkLocalGeneration linkLocal, ref NetlinkWriter writer)
    {
        var families = writer.BeginNested(LinkAttribute.FamilySpecific);
        var family = writer.BeginNested((ushort)IpFamily.V6);
        writer.Attribute(LinkAttribute.AddressGeneration, (byte)linkLocal);
        writer.EndNested(family);
        writer.EndNested(families);
    }

    public string Describe()
    {
        var changes = (Up switch { true => ", up", false => ", down", null => "" })
            + (Alias is null ? "" : $", alias {Alias}")
            + (Mac is null ? "" : $", address {Mac}")
            + (Mtu is null ? "" : $", mtu {Mtu}")
            + (LinkLocal is null ? "" : $", link-local addresses {LinkLocal}");
        return $"set interface {LinkTarget.Describe(Index, Name)}{changes}";
    }
}

/// <summary>Where an interface's IPv6 link-local address comes from (linux/if_link.h, IN6_ADDR_GEN_MODE_*).</summary>
internal enum LinkLocalGeneration : byte
{
    /// <summary>From its Ethernet address (RFC 4291, appendix A).</summary>
    FromMac = 0,

    /// <summary>The kernel makes none.</summary>
    Nowhere = 1,
}
