using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Interop;
using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Threads;
using NetworkNamespace = Net.Plugin.Namespaces.NetworkNamespace;

namespace Net.Plugin.Ptp;

/// <summary>
/// DEL: whatever of the attachment can be found is removed, by the attachment's names alone. What is gone already is no fault, and what
/// can't be removed doesn't keep the rest.
/// </summary>
internal sealed class Deletion(PluginRequest request, AttachmentTag tag, Masquerading masquerading)
{
    private readonly Faults _faults = new();
    private readonly Faults _linkFaults = new();

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
        // Deleting a link is nearly all of what a DEL costs, and the kernel only waits in it.
        var link = OwnThread.Start(() => _linkFaults.Catch("delete the veth pair", RemoveLink));
        _faults.Catch("remove masquerading", () => masquerading.Remove(tag));
        _faults.Catch("give the addresses back", () => new IpamPlugin(request, claim).Run(CniCommand.Del));
        link.Join();
        _faults.Add(_linkFaults);
    }

    private void RemoveLink()
    {
        using var host = BothEnds.OpenSocket();
        _ = RemoveByName(host) || RemoveFromContainer(host) || RemoveByAlias(host);
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
