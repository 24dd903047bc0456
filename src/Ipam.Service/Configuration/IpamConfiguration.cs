using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Ranges;

namespace Ipam.Service.Configuration;

/// <summary>The <c>ipam</c> object of a network configuration, with what the runtime adds to it.</summary>
internal sealed record IpamConfiguration
{
    /// <summary>The address space in which addresses are unique.</summary>
    public required string Space { get; init; }

    /// <summary>In which order addresses are tried.</summary>
    public required AllocationOrder Order { get; init; }

    /// <summary>One address is handed out from each set, from the first of its ranges that has room.</summary>
    public required IReadOnlyList<IReadOnlyList<AllocationRange>> RangeSets { get; init; }

    /// <summary>Routes for the result.</summary>
    public required IReadOnlyList<CniRoute> Routes { get; init; }

    /// <summary>A resolv.conf whose contents become the result's <c>dns</c>; null for none.</summary>
    public string? ResolvConf { get; init; }
}
