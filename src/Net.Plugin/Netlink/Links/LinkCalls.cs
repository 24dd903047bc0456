using Net.Plugin.Interop;

namespace Net.Plugin.Netlink.Links;

/// <summary>The everyday questions about links.</summary>
internal static class LinkCalls
{
    /// <summary>The link of that name in the socket's namespace, or null.</summary>
    public static Link? FindLink(this NetlinkSocket socket, string name) => Find(socket, new LinkQuery { Name = name });

    /// <summary>The link of that number in the socket's namespace, or null.</summary>
    public static Link? FindLink(this NetlinkSocket socket, int index) => Find(socket, new LinkQuery { Index = index });

    /// <summary>All veth ends in the socket's namespace.</summary>
    public static List<Link> ListVeths(this NetlinkSocket socket) =>
        socket.Dump(new LinkList(VethCreation.Kind), static message => Link.Parse(message) is { IsVeth: true } link ? link : null);

    /// <summary>All links in the socket's namespace.</summary>
    public static List<Link> ListLinks(this NetlinkSocket socket) => socket.Dump(new LinkList(Kind: null), Link.Parse);

    /// <summary>Deletes a link. False if there was none.</summary>
    public static bool TryRemove(this NetlinkSocket socket, LinkRemoval removal)
    {
        var reply = socket.TryExecute(removal)[0];
        return reply.Errno switch
        {
            Errno.None => true,
            Errno.ENODEV => false,
            _ => throw new NetlinkException(removal.Describe(), reply.Errno, reply.KernelText),
        };
    }

    private static Link? Find(NetlinkSocket socket, LinkQuery query)
    {
        var reply = socket.TryExecute(query)[0];
        return reply.Errno switch
        {
            Errno.None => reply.Parse(Link.Parse),
            Errno.ENODEV => null,
            _ => throw new NetlinkException(query.Describe(), reply.Errno, reply.KernelText),
        };
    }
}
