namespace Net.Plugin.Netlink.Links;

/// <summary>Deletes a link; with one end of a veth pair the other goes too, wherever it is. ENODEV if there is none.</summary>
internal sealed record LinkRemoval : INetlinkRequest
{
    /// <summary>0: find it by <see cref="Name"/>.</summary>
    public int Index { get; init; }

    public string? Name { get; init; }

    public ushort Type => RouteMessageType.DeleteLink;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer) => LinkTarget.Write(ref writer, Index, Name);

    public string Describe() => $"delete interface {LinkTarget.Describe(Index, Name)}";
}
