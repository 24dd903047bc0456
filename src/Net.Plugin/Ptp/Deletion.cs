using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Interop;
using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using NetworkNamespace = Net.Plugin.Namespaces.NetworkNamespace;

namespace Net.Plugin.Ptp;

/// <summary>
/// DEL: whatever of the attachment can be found is removed, by the attachment's names alone. What is gone already is no fault, and what
/// can't be removed doesn't keep the rest.
/// </summary>
internal sealed class Deletion(PluginRequest request, AttachmentTag tag, Masquerading masquerading)
{
    private readonly Faults _faults = new();
    private bool _linkDone;

    /// <exception cref="CniException">What could not be removed, after all else was.</exception>
    public void Run()
    {
        // A call that hangs doesn't keep the DEL from its work.
        FileDescriptor? claim = null;
        _faults.Catch("claim the attachment", () => claim = AttachmentClaim.TryTake(tag));
        using (claim)
            Remove(claim);
        _faults.ThrowIfAny();
    }

    private void Remove(FileDescriptor? claim)
    {
        _faults.Catch("remove masquerading", () => masquerading.Remove(tag));
        // Taking a link down is nearly all of what a DEL costs; the IPAM plugin works at the same time.
        _faults.Catch("give the addresses back", () => new IpamPlugin(request, claim).Run(CniCommand.Del, meanwhile: RemoveLink));
        if (!_linkDone)
            RemoveLink();
    }

    private void RemoveLink()
    {
        _linkDone = true;
        _faults.Catch("delete the veth pair", () =>
        {
            using var host = BothEnds.OpenSocket();
            _ = RemoveByName(host) || RemoveFromContainer(host) || RemoveByAlias(host);
        });
    }

    private bool RemoveByName(NetlinkSocket host) =>
        host.FindLink(tag.HostLinkName) is { } link && IsOurs(link) && host.TryRemove(new LinkRemoval { Index = link.Index });

    // The host's end has another name, or no alias because the ADD was killed before it set it.
    private bool RemoveFromContainer(NetlinkSocket host)
    {
        using var container = OpenContainer();
        if (container is null)
            return false;
        using var socket = container.Run(BothEnds.OpenSocket);
        return socket.FindLink(request.Environment.IfName) is { IsVeth: true } link
            && !BelongsToAnother(host, link)
            && socket.TryRemove(new LinkRemoval { Index = link.Index });
    }

    // The namespace's name is gone, but something keeps the namespace alive, and the host's end doesn't have its usual name.
    private bool RemoveByAlias(NetlinkSocket host)
    {
        var removed = false;
        foreach (var link in host.ListVeths())
            removed |= IsOurs(link) && host.TryRemove(new LinkRemoval { Index = link.Index });
        return removed;
    }

    private NetworkNamespace? OpenContainer()
    {
        try
        {
            return request.Environment.NetNs.Length == 0 ? null : NetworkNamespace.TryOpen(request.Environment.NetNs);
        }
        catch (NamespaceException)
        {
            // Something else is at the path now; the namespace isn't.
            return null;
        }
    }

    private bool IsOurs(Link hostLink) => AttachmentTag.KeyIn(hostLink.Alias) == tag.Key;

    // After an ADD that was refused because the name was taken, runtimes send a DEL: it must not take away what was there before.
    private bool BelongsToAnother(NetlinkSocket host, Link containerLink) =>
        host.FindLink(containerLink.PeerIndexOrOwn) is { IsVeth: true } peer
        && peer.PeerIndexOrOwn == containerLink.Index
        && AttachmentTag.KeyIn(peer.Alias) is { } key
        && key != tag.Key;
}
