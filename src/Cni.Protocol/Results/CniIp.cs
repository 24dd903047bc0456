using System.Net;
using System.Net.Sockets;

namespace Cni.Protocol;

/// <summary>An address in a result.</summary>
/// <param name="Address">The address itself, not its network's.</param>
/// <param name="PrefixLength">0 to 32, or 0 to 128.</param>
public sealed record CniIp(IPAddress Address, int PrefixLength)
{
    /// <summary>The default gateway of the address's network, where there is one.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index into <see cref="CniResult.Interfaces"/>, where one is given; an IPAM plugin gives none.</summary>
    public int? Interface { get; init; }

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;
}
