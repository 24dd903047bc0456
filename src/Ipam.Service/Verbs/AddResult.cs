using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>What ADD answers: addresses with their subnet's prefix length and gateway.</summary>
internal static class AddResult
{
    public static CniResult Of(IReadOnlyList<AllocatedAddress> addresses, IReadOnlyList<CniRoute> routes, CniDns dns) => new()
    {
        Ips = [.. addresses.Select(ToIp)],
        Routes = routes,
        Dns = dns,
    };

    private static CniIp ToIp(AllocatedAddress allocated) =>
        new(AddressConversion.ToIPAddress(allocated.Lease.Address), allocated.Range.Subnet.Length)
        {
            Gateway = allocated.Range.Gateway is { } gateway ? AddressConversion.ToIPAddress(gateway) : null,
        };
}
