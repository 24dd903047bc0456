namespace Net.Plugin.Netlink.Links;

/// <summary>What one end of a new veth pair is to be.</summary>
/// <param name="Name">Its name; free in the namespace it is made in.</param>
/// <param name="Mac">Null leaves the choice to the kernel.</param>
/// <param name="Mtu">Null leaves the kernel's default.</param>
internal sealed record VethEnd(string Name, MacAddress? Mac = null, uint? Mtu = null)
{
    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.Name, Name);
        if (Mtu is { } mtu)
            writer.Attribute(LinkAttribute.Mtu, mtu);
        if (Mac is { } mac)
            writer.Attribute(LinkAttribute.Address, mac);
    }
}
