using System.Net;
using Net.Plugin.Attachments;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>
/// Puts masquerade rules back: a firewall that is loaded anew often drops those that it doesn't know. Everything for it is in the kernel: the
/// host's ends say whose they are, the host's routes which addresses are behind them, and the containers' ends with which prefix.
/// </summary>
internal sealed class MasqueradeRepair(PtpConfiguration configuration, string networkPrefix, Masquerading masquerading, NetlinkSocket host)
{
    private IMasquerade? _masquerade;

    /// <summary>Puts back what the network's attachments on this host lack.</summary>
    /// <param name="key">Of one of them, which is the only one looked at; null: all.</param>
    /// <exception cref="Net.Plugin.HostException">The kernel, or what drives its firewall, refused.</exception>
    public void Run(string? key = null)
    {
        var links = host.ListVeths().FindAll(link => AttachmentTag.KeyIn(link.Alias, networkPrefix) is { } found && (key is null || found == key));
        if (links.Count == 0)
            return;
        Dictionary<int, List<IPAddress>> behind = [];
        foreach (var route in host.ListRoutesToHosts())
        {
            if (configuration.Masqueraded.Contains(route.Destination.Family) && !behind.TryAdd(route.Index, [route.Destination.Address]))
                behind[route.Index].Add(route.Destination.Address);
        }
        Dictionary<AttachedAddresses, Link> attachments = [];
        foreach (var link in links)
        {
            if (behind.TryGetValue(link.Index, out var addresses))
                attachments.Add(new AttachedAddresses(AttachmentTag.Read(link.Alias, networkPrefix)!, addresses), link);
        }
        foreach (var lacking in masquerading.WhoLacksRules(configuration.MasqueradeBackend, [.. attachments.Keys]))
            PutBack(lacking, attachments[lacking]);
    }

    private void PutBack(AttachedAddresses attached, Link link)
    {
        // An ADD at work makes its rules itself, and a DEL wants none.
        using var claim = AttachmentClaim.TryTakeAtOnce(attached.Tag);
        if (claim is null || host.FindLink(link.Index) is not { } present || present.Alias != link.Alias)
            return;
        // It lacked them before the claim: its ADD, or another repair, may have made them since.
        if (masquerading.WhoLacksRules(configuration.MasqueradeBackend, [attached]).Count == 0)
            return;
        List<IpPrefix> addresses = [.. AddressesInside(present).FindAll(address => attached.Addresses.Contains(address.Address))];
        if (addresses.Count == 0)
            return;
        _masquerade ??= masquerading.Choose(configuration.MasqueradeBackend);
        _masquerade.Add(attached.Tag, configuration.ScopeFor(addresses));
    }

    // None where the container's namespace is going, or where the kernel can't look into it from here.
    private List<IpPrefix> AddressesInside(Link link)
    {
        if (link.PeerNamespaceId is not { } id)
            return [];
        try
        {
            return host.ListAddresses(link.PeerIndexOrOwn, id).Map(address => address.Address);
        }
        catch (NetlinkException)
        {
            return [];
        }
    }
}
