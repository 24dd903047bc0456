using Cni.Protocol;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>The <c>ipam</c> object of a network configuration, with what the runtime adds to it.</summary>
public sealed record IpamConfiguration
{
    /// <summary>The address space in which addresses are unique; null where the configuration doesn't say.</summary>
    public required string? Space { get; init; }

    /// <summary>How addresses of the ranges are chosen. Pools have policies of their own.</summary>
    public required AllocationPolicy Policy { get; init; }

    /// <summary>Names of pools, in order of preference: one address of each family that they have comes from the first with room.</summary>
    public required IReadOnlyList<string> Pools { get; init; }

    /// <summary>Whether a pod may name other pools in place of these, by an annotation of it or of its namespace.</summary>
    public bool TakesPodAnnotations { get; init; }

    /// <summary>Whether a pod may name an IPAMClaim, which has the addresses for longer than the pod lives.</summary>
    public bool AllowsIpamClaims { get; init; }

    /// <summary>Whether the subnets of the node's pods are among the ranges, and still have to be filled in (<see cref="Ranges.PodCidr"/>).</summary>
    public bool WantsPodCidr { get; init; }

    /// <summary>One address is handed out from each set, from the first of its ranges that has room.</summary>
    public required IReadOnlyList<IReadOnlyList<AllocationRange>> RangeSets { get; init; }

    /// <summary>The reservation that each container asks for; null for none.</summary>
    public string? Reservation { get; init; }

    /// <summary>Routes for the result.</summary>
    public required IReadOnlyList<CniRoute> Routes { get; init; }

    /// <summary>A resolv.conf whose contents become the result's <c>dns</c>; null for none.</summary>
    public string? ResolvConf { get; init; }

    /// <summary>Name resolution for the result; null where <see cref="ResolvConf"/> says it, or nothing does.</summary>
    public CniDns? Dns { get; init; }

    /// <summary>Keys that are there and mean nothing here, as those who wrote them should know.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}

/// <summary>What STATUS is to say.</summary>
/// <param name="IsStrict">Whether it says that an ADD could be served now, as the specification has it.</param>
/// <param name="Grace">How long the store may be away before it says no.</param>
public sealed record StatusPolicy(bool IsStrict, TimeSpan Grace);
