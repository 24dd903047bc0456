using System.Net;
using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>
/// GC: removes what is left on this host of the network's attachments that the runtime doesn't list. A runtime that gives no list has not
/// said that there are none: then only the rules of links that are gone are removed. Links that the reference plugins made have no alias; the
/// host's routes show that they are there.
/// </summary>
internal sealed class Sweep(PluginRequest request, Masquerading masquerading)
{
    private readonly string _networkPrefix = AttachmentTag.PrefixOf(request.Head.Name);

    /// <exception cref="CniException">What could not be removed, after all else was.</exception>
    public void Run()
    {
        var valid = request.ReadConfiguration().ValidAttachments;
        var faults = new Faults();
        using var host = BothEnds.OpenSocket();
        List<Link> veths = [];
        faults.Catch("list the veth pairs", () => veths = host.ListVeths());
        var links = veths.FindAll(link => KeyOf(link) is not null);

        HashSet<string> keys = valid.Presence == ValidAttachmentsPresence.Given
            ? [.. valid.Items.Map(item => new AttachmentTag(request.Head.Name, item.ContainerId, item.IfName).Key)]
            : [.. links.Map(link => KeyOf(link)!)];
        foreach (var link in links.Where(link => !keys.Contains(KeyOf(link)!)))
            faults.Catch("delete a veth pair", () => host.TryRemove(new LinkRemoval { Index = link.Index }));
        faults.Catch("remove masquerading", () => masquerading.RemoveOthers(
            _networkPrefix, keys, valid.Presence == ValidAttachmentsPresence.Given ? new HashSet<IPAddress>() : AddressesBehind(veths, host)));
        faults.Catch("forward GC", () => IpamPlugin.Of(request, IpamTimeout.OfOrUsual(request))?.Run(CniCommand.Gc));
        faults.ThrowIfAny();
    }

    private static HashSet<IPAddress> AddressesBehind(List<Link> veths, NetlinkSocket host)
    {
        HashSet<int> indexes = [.. veths.Map(link => link.Index)];
        return [.. host.ListRoutesToHosts().FindAll(route => indexes.Contains(route.Index)).Map(route => route.Destination.Address)];
    }

    // Null for a link of another network, or of another program.
    private string? KeyOf(Link link) => AttachmentTag.KeyIn(link.Alias, _networkPrefix);
}
