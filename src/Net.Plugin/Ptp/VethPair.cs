using Net.Plugin.Netlink.Links;

namespace Net.Plugin.Ptp;

/// <summary>A veth pair that was made: what is needed to work on its ends, and what the result says of them.</summary>
/// <param name="Container">The container's end as it was asked for.</param>
/// <param name="Host">The host's end.</param>
/// <param name="ContainerIndex">Number of the container's end, in its namespace.</param>
/// <param name="HostIndex">Number of the host's end, in the host's namespace.</param>
internal sealed record VethPair(VethEnd Container, VethEnd Host, int ContainerIndex, int HostIndex);
