using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>
/// The route that a main plugin makes of one in a result, as the kernel tells routes apart. Two with the same identity are one: the plugin's second
/// call fails with "file exists", whatever path MTU or segment size it has.
/// </summary>
/// <param name="Destination">Without host bits.</param>
/// <param name="Gateway">Null for a route to the link.</param>
/// <param name="Table">Never 0.</param>
/// <param name="Priority">The metric.</param>
/// <param name="Scope">0 for IPv6, which has none.</param>
internal readonly record struct RouteIdentity(Prefix Destination, Address? Gateway, uint Table, uint Priority, int Scope)
{
    private const uint MainTable = 254; // RT_TABLE_MAIN
    private const uint UsualPriorityOfV6 = 1024; // IP6_RT_PRIO_USER

    /// <summary>The identity of a route in a result with these addresses: one without gateway goes through the first of its family.</summary>
    public static RouteIdentity Of(CniRoute route, IReadOnlyList<AllocatedAddress> addresses)
    {
        var destination = new Prefix(AddressConversion.ToAddress(route.Dst.Address), route.Dst.Length);
        var isV4 = destination.Address.Family == IpFamily.V4;
        var gateway = route.Gw is { } given ? AddressConversion.ToAddress(given) : UsualGateway(destination.Address.Family, addresses);
        return new RouteIdentity(
            destination with { Address = destination.First },
            gateway is { IsUnspecified: true } ? null : gateway,
            route.Table is null or 0 ? MainTable : route.Table.Value,
            route.Priority == 0 && !isV4 ? UsualPriorityOfV6 : route.Priority,
            isV4 ? route.Scope ?? 0 : 0);
    }

    private static Address? UsualGateway(IpFamily family, IReadOnlyList<AllocatedAddress> addresses)
    {
        foreach (var address in addresses)
        {
            if (address.Range.Gateway is { } gateway && gateway.Family == family)
                return gateway;
        }
        return null;
    }
}
