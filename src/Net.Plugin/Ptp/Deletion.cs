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
        LockFile? claim = null;
        var isBusy = false;
        _faults.Catch("claim the attachment", () => isBusy = (claim = AttachmentClaim.TryTake(tag)) is null);
        using (claim)
            Remove(claim, isBusy);
        if (isBusy)
            _faults.Catch("claim the attachment", () => throw AttachmentClaim.Busy(request, tag, "its addresses are not given back yet; "));
        _faults.ThrowIfAny();
    }

    // A call that hangs doesn't keep the DEL from the rest. But its IPAM plugin may take an address later, or the ADD use the one that it has:
    // addresses given back now could be another container's too, or stay for ever. The runtime's next DEL gives them back.
    private void Remove(LockFile? claim, bool isBusy)
    {
        // Deleting a link is nearly all of what a DEL costs, and the kernel only waits in it.
        var link = OwnThread.Start(() => _linkFaults.Catch("delete the veth pair", RemoveLink));
        _faults.Catch("remove masquerading", () => masquerading.Remove(tag));
        if (!isBusy)
            _faults.Catch("give the addresses back", () => IpamPlugin.Of(request, IpamTimeout.OfOrUsual(request), claim?.File)?.Run(CniCommand.Del));
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
        using var socket = OpenContainer();
        return socket?.FindLink(request.Environment.IfName) is { IsVeth: true } link
            && IsOurs(host, link)
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

    private NetlinkSocket? OpenContainer()
    {
        if (request.Environment.NetNs.Length == 0)
            return null;
        try
        {
            using var container = NetworkNamespace.TryOpen(request.Environment.NetNs);
            return container?.Run(BothEnds.OpenSocket);
        }
        catch (NamespaceException)
        {
            // Something else is at the path now, be it a namespace of another kind; the container's isn't.
            return null;
        }
    }

    private bool IsOurs(Link hostLink) => AttachmentTag.KeyIn(hostLink.Alias) == tag.Key;

    // After an ADD that was refused because the name was taken, runtimes send a DEL: it must not take away what was there before, whoever made it.
    private bool IsOurs(NetlinkSocket host, Link containerLink)
    {
        if (host.FindLink(containerLink.PeerIndexOrOwn) is not { IsVeth: true } peer || peer.PeerIndexOrOwn != containerLink.Index)
            return false;
        return AttachmentTag.KeyIn(peer.Alias) is { } key ? key == tag.Key : tag.IsHostLinkName(peer.Name) || IsInPreviousResult(containerLink, peer);
    }

    // An attachment that another plugin made before this network was given to net-ptp. Of a refused ADD there is no result.
    private bool IsInPreviousResult(Link containerLink, Link hostLink)
    {
        try
        {
            var interfaces = request.ReadConfiguration().PrevResult?.Interfaces ?? [];
            return interfaces.Any(end => Names(end, containerLink) && end.Sandbox == request.Environment.NetNs)
                && interfaces.Any(end => Names(end, hostLink) && end.Sandbox.Length == 0);
        }
        catch (CniException)
        {
            // A broken one says nothing.
            return false;
        }
    }

    private static bool Names(CniInterface end, Link link) =>
        end.Name == link.Name && (end.Mac.Length == 0 || string.Equals(end.Mac, link.Mac?.ToString(), StringComparison.OrdinalIgnoreCase));
}
