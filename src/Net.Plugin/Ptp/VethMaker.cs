using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;

namespace Net.Plugin.Ptp;

/// <summary>
/// Makes the attachment's veth pair: one request, which takes both names or neither. Of several ADDs of one attachment at the same time
/// one gets through; this is why it comes before everything else.
/// </summary>
internal sealed class VethMaker(BothEnds ends)
{
    private const int LargestAttempts = 10;
    private const int RandomNameBytes = 4;

    /// <exception cref="CniException">The attachment exists already, or the interface does.</exception>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public VethPair Make(AttachmentTag tag, PluginRequest request, PtpConfiguration configuration)
    {
        var end = new VethEnd(request.Environment.IfName, configuration.Mac ?? MacAddress.Random(), configuration.Mtu);
        var peer = new VethEnd(tag.HostLinkName, MacAddress.Random(), configuration.Mtu);
        for (var attempt = 1; ; attempt++)
        {
            if (TryMake(end, peer, lastAttempt: attempt == LargestAttempts, out var existing) is { } pair)
                return pair;
            if (existing is not null)
                throw InterfaceExists(request);
            ThrowIfAttached(tag, request);
            // Another attachment's name came out the same.
            peer = peer with { Name = RandomName() };
        }
    }

    private VethPair? TryMake(VethEnd end, VethEnd peer, bool lastAttempt, out Link? existing)
    {
        existing = null;
        var creation = new VethCreation(end, peer, ends.HostNamespace.File);
        var replies = ends.Container.TryExecute(creation, new LinkQuery { Name = end.Name });
        if (replies[0].Errno == Errno.None)
        {
            var link = replies[1].Parse(Link.Parse);
            return new VethPair(end, peer, link.Index, link.PeerIndexOrOwn);
        }
        if (replies[0].Errno != Errno.EEXIST || lastAttempt)
            throw new NetlinkException(creation.Describe(), replies[0].Errno, replies[0].KernelText);
        if (replies[1].Errno == Errno.None)
            existing = replies[1].Parse(Link.Parse);
        return null;
    }

    private void ThrowIfAttached(AttachmentTag tag, PluginRequest request)
    {
        if (ends.Host.FindLink(tag.HostLinkName) is { } link && AttachmentTag.KeyIn(link.Alias) == tag.Key)
        {
            throw new CniException(
                CniErrorCode.Internal,
                $"container {request.Environment.ContainerId} is attached to network {request.Head.Name} by {request.Environment.IfName} already",
                $"its host interface is {link.Name}; DEL that attachment first");
        }
    }

    private static CniException InterfaceExists(PluginRequest request) => new(
        CniErrorCode.Internal,
        $"interface \"{request.Environment.IfName}\" already exists in netns \"{request.Environment.NetNs}\"",
        "nothing was changed; choose another CNI_IFNAME, or DEL what made it");

    private static string RandomName()
    {
        Span<byte> bytes = stackalloc byte[RandomNameBytes];
        RandomBytes.Fill(bytes);
        return $"veth{Convert.ToHexStringLower(bytes)}";
    }
}
