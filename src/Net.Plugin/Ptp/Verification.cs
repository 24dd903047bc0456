using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Netlink.Routes;
using Net.Plugin.Sysctl;

namespace Net.Plugin.Ptp;

/// <summary>
/// CHECK: both ends are as ADD left them, going by the final result of the chain, so that what later plugins changed is as they said. Only
/// masquerade rules that are gone are put back: they are no part of the result, and whoever reloads a firewall can't know of them.
/// </summary>
internal sealed class Verification(PluginRequest request, PtpConfiguration configuration, AttachmentTag tag, Masquerading masquerading)
{
    private readonly IpamPlugin? _ipam = IpamPlugin.Of(request, configuration.IpamTimeout);

    /// <exception cref="CniException">The first thing that is not as it should be.</exception>
    public void Run()
    {
        _ipam?.Run(CniCommand.Check);
        var result = configuration.Network.PrevResult
            ?? throw new CniException(CniErrorCode.InvalidNetworkConfig, "ptp: Required prevResult missing");
        using var ends = Step.Run("open the network namespaces", BothEnds.Open(request.Environment.NetNs));
        Step.Run("check the attachment", () => Check(result, ends));
    }

    private void Check(CniResult result, BothEnds ends)
    {
        var (container, containerNumber) = FindContainer(result);
        var inside = FindLink(ends.Container, container.Name, container.Mac, $"netns {request.Environment.NetNs}");
        var outside = FindHostEnd(result, ends.Host, inside);
        // What addresses a pair without an IPAM plugin has is another's.
        if (_ipam is null)
            return;

        List<CniIp> ips = [.. result.Ips.Where(ip => ip.Interface is null || ip.Interface == containerNumber)];
        var plan = AttachmentPlan.Make(ips, result.Routes, inside.Index, outside.Index, configuration.DetectDuplicates);
        CheckEnd(ends.Container, inside, plan.ContainerAddresses, plan.ContainerRoutes);
        CheckEnd(ends.Host, outside, plan.HostAddresses, plan.HostRoutes);
        foreach (var family in plan.Families)
        {
            var name = family == IpFamily.V4 ? "IPv4" : "IPv6";
            Require(Forwarding.IsEnabled(family), $"the host does not forward {name}; turn its sysctl on again");
        }
        if (configuration.Masquerade)
            CheckMasquerade(configuration.ScopeFor(plan.Prefixes), ends.Host);
    }

    private void CheckMasquerade(MasqueradeScope scope, NetlinkSocket host)
    {
        if (WhatIsMissing(scope) is null)
            return;
        new MasqueradeRepair(configuration, tag.NetworkPrefix, masquerading, host).Run(tag.Key);
        if (WhatIsMissing(scope) is { } missing)
            throw Failed($"masquerading is not in place: {missing}");
    }

    private string? WhatIsMissing(MasqueradeScope scope) => masquerading.WhatIsMissing(configuration.MasqueradeBackend, tag, scope);

    private (CniInterface Interface, int Number) FindContainer(CniResult result)
    {
        for (var i = 0; i < result.Interfaces.Count; i++)
        {
            if (result.Interfaces[i].Name == request.Environment.IfName && result.Interfaces[i].Sandbox == request.Environment.NetNs)
                return (result.Interfaces[i], i);
        }
        throw Failed($"prevResult has no interface \"{request.Environment.IfName}\" with sandbox \"{request.Environment.NetNs}\"");
    }

    private static Link FindHostEnd(CniResult result, NetlinkSocket host, Link inside)
    {
        if (host.FindLink(inside.PeerIndexOrOwn) is not { } peer)
            throw Failed($"the other end of {inside.Name} is not on the host");
        foreach (var candidate in result.Interfaces)
        {
            if (candidate.Name == peer.Name && candidate.Sandbox.Length == 0)
                return FindLink(host, candidate.Name, candidate.Mac, "the host");
        }
        throw Failed($"the other end of {inside.Name} is {peer.Name} on the host, which prevResult doesn't have");
    }

    private static Link FindLink(NetlinkSocket socket, string name, string mac, string where)
    {
        var link = socket.FindLink(name) ?? throw Failed($"there is no interface {name} in {where}");
        Require(link.IsVeth, $"interface {name} in {where} is no veth, but {link.Kind ?? "a physical one"}");
        Require(mac.Length == 0 || string.Equals(mac, link.Mac?.ToString(), StringComparison.OrdinalIgnoreCase),
            $"interface {name} in {where} has address {link.Mac}, prevResult says {mac}");
        Require(link.IsUp, $"interface {name} in {where} is down");
        return link;
    }

    private static void CheckEnd(NetlinkSocket socket, Link link, IReadOnlyList<AddressAddition> addresses, IReadOnlyList<RouteAddition> routes)
    {
        var present = socket.ListAddresses(link.Index);
        foreach (var wanted in addresses)
            Require(present.Exists(address => address.Address == wanted.Address), $"interface {link.Name} does not have address {wanted.Address}");

        foreach (var family in routes.Map(route => route.Route.Destination.Family).Distinct())
        {
            var listed = socket.ListRoutes(family, link.Index);
            foreach (var wanted in routes.Where(route => route.Route.Destination.Family == family))
                Require(listed.Exists(route => Fulfils(route, wanted.Route)), $"there is no route {wanted.Route} through {link.Name}");
        }
    }

    // Later plugins may set what routes are like, not where they lead.
    private static bool Fulfils(Route present, Route wanted) =>
        present.Table == wanted.Table && present.Destination == wanted.Destination
        && (present.NextHops.Count == 0
            ? Equals(present.Gateway, wanted.Gateway)
            : present.NextHops.Any(hop => hop.Index == wanted.Index && Equals(hop.Gateway, wanted.Gateway)))
        && (wanted.Metric == 0 || present.Metric == wanted.Metric);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw Failed(otherwise);
    }

    private static CniException Failed(string what) => new(CniErrorCode.Internal, $"check failed: {what}");
}
