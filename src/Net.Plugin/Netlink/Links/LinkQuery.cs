namespace Net.Plugin.Netlink.Links;

/// <summary>Asks for one link, by index or name. ENODEV if there is none.</summary>
internal sealed record LinkQuery : INetlinkRequest
{
    // RTEXT_FILTER_SKIP_STATS: the counters are most of an answer, and nobody here reads them.
    internal const uint SkipStatistics = 1 << 3;

    /// <summary>0: find it by <see cref="Name"/>.</summary>
    public int Index { get; init; }

    public string? Name { get; init; }

    public ushort Type => RouteMessageType.GetLink;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        LinkTarget.Write(ref writer, Index, Name);
        writer.Attribute(LinkAttribute.ExtendedMask, SkipStatistics);
    }

    public string Describe() => $"look up interface {LinkTarget.Describe(Index, Name)}";
}
