using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;

namespace Net.Plugin.Ptp;

/// <summary>Makes the attachment's veth pair, in one request that takes both names or neither.</summary>
internal sealed class VethMaker(BothEnds ends, AttachmentTag tag, PluginRequest request, PtpConfiguration configuration)
{
    /// <summary>Looks whether there may be this attachment, before anything is done.</summary>
    /// <exception cref="CniException">It exists already, or an interface of that name does.</exception>
    public void ThrowIfTaken()
    {
        if (ends.Container.FindLink(request.Environment.IfName) is not null)
            throw InterfaceExists();
        if (ends.Host.FindLink(tag.HostLinkName) is { } link && AttachmentTag.KeyIn(link.Alias) == tag.Key)
        {
            throw new CniException(
                CniErrorCode.Internal,
                $"container {request.Environment.ContainerId} is attached to network {request.Head.Name} by {request.Environment.IfName} already",
                $"its host interface is {link.Name}; DEL that attachment first");
        }
    }

    /// <exception cref="CniException">An interface of that name exists by now.</exception>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public VethPair Make()
    {
        var end = new VethEnd(request.Environment.IfName, configuration.Mac ?? MacAddress.Random(), configuration.Mtu);
        var peer = new VethEnd(tag.HostLinkName, MacAddress.Random(), configuration.Mtu);
        for (var attempt = 1; ; attempt++)
        {
            var creation = new VethCreation(end, peer, ends.HostNamespace.File);
            var replies = ends.Container.TryExecute(creation, new LinkQuery { Name = end.Name });
            var inContainer = replies[1].Errno == Errno.None ? replies[1].Parse(Link.Parse) : null;
            if (replies[0].Errno == Errno.None && inContainer is not null)
                return new VethPair(end, peer, inContainer.Index, inContainer.PeerIndexOrOwn);
            if (replies[0].Errno != Errno.EEXIST || attempt == AttachmentTag.HostLinkNames)
                throw new NetlinkException(creation.Describe(), replies[0].Errno, replies[0].KernelText);
            if (inContainer is not null)
                throw InterfaceExists();
            // The host's name is another's: two attachments' names can come out the same, and anybody may call an interface so.
            peer = peer with { Name = tag.HostLinkNameNumber(attempt) };
        }
    }

    private CniException InterfaceExists() => new(
        CniErrorCode.Internal,
        $"interface \"{request.Environment.IfName}\" already exists in netns \"{request.Environment.NetNs}\"",
        "nothing was changed; choose another CNI_IFNAME, or DEL what made it");
}

/// <summary>A veth pair that was made: what is needed to work on its ends, and what the result says of them.</summary>
/// <param name="Container">The container's end as it was asked for.</param>
/// <param name="Host">The host's end.</param>
/// <param name="ContainerIndex">Number of the container's end, in its namespace.</param>
/// <param name="HostIndex">Number of the host's end, in the host's namespace.</param>
internal sealed record VethPair(VethEnd Container, VethEnd Host, int ContainerIndex, int HostIndex);
