namespace Net.Plugin.Netlink.Links;

/// <summary>How a request names the link it is about: by index, or by name where the index is 0.</summary>
internal static class LinkTarget
{
    public static void Write(ref NetlinkWriter writer, int index, string? name)
    {
        writer.Structure(new LinkHeader { Index = index });
        if (name is not null)
            writer.Attribute(LinkAttribute.Name, name);
    }

    public static string Describe(int index, string? name) => name ?? $"number {index}";
}
