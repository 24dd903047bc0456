using Cni.Protocol;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;
using Net.Plugin.Netlink.Routes;

namespace Net.Plugin.Ptp;

/// <summary>
/// The addresses and routes of both ends that follow from an IPAM plugin's result. The container speaks to nobody but the host: its
/// gateway is the only address that it finds on the link, everything else, its own network included, goes through it. The host has
/// a route to each of the container's addresses.
/// </summary>
/// <param name="ContainerAddresses">With the prefix that IPAM gave them.</param>
/// <param name="ContainerRoutes">In the order in which they must be added.</param>
/// <param name="HostAddresses">The gateways, on the host's end. Every attachment's host end has the same ones.</param>
/// <param name="HostRoutes">One to each of the container's addresses.</param>
internal sealed record AttachmentPlan(
    IReadOnlyList<AddressAddition> ContainerAddresses,
    IReadOnlyList<RouteAddition> ContainerRoutes,
    IReadOnlyList<AddressAddition> HostAddresses,
    IReadOnlyList<RouteAddition> HostRoutes)
{
    public IEnumerable<IpFamily> Families => ContainerAddresses.Map(address => address.Address.Family).Distinct();

    public bool HasV6 => Families.Contains(IpFamily.V6);

    /// <summary>All that both ends are asked for.</summary>
    public IEnumerable<INetlinkRequest> Requests => [.. ContainerAddresses, .. ContainerRoutes, .. HostAddresses, .. HostRoutes];

    /// <summary>What masquerading goes by: the addresses, and with them the networks that are not masqueraded.</summary>
    public IReadOnlyList<IpPrefix> Prefixes => [.. ContainerAddresses.Map(address => address.Address)];

    /// <summary>The plan for these interfaces.</summary>
    /// <param name="ips">The container's addresses.</param>
    /// <param name="routes">The routes that the configuration wants in the container.</param>
    /// <param name="containerIndex">Number of the container's end.</param>
    /// <param name="hostIndex">Number of the host's end.</param>
    /// <param name="detectDuplicates">Whether the container's IPv6 addresses are tried before they are used.</param>
    public static AttachmentPlan Make(
        IReadOnlyList<CniIp> ips, IReadOnlyList<CniRoute> routes, int containerIndex, int hostIndex, bool detectDuplicates)
    {
        var builder = new AttachmentPlanBuilder(containerIndex, hostIndex, detectDuplicates);
        foreach (var ip in ips)
            builder.Add(ip);
        foreach (var route in routes)
            builder.Add(route);
        return builder.Plan;
    }
}
