using System.Net;

namespace Cni.Protocol;

/// <summary>
/// A route in a result. <see cref="Mtu"/>, <see cref="AdvMss"/> and <see cref="Priority"/> are left out of the JSON when 0.
/// </summary>
/// <param name="Dst">The destination; bits behind the prefix are kept and echoed.</param>
public sealed record CniRoute(CniPrefix Dst)
{
    /// <summary>Next hop, where one is given; a main plugin falls back to the gateway of an address.</summary>
    public IPAddress? Gw { get; init; }

    /// <summary>Path MTU in bytes.</summary>
    public uint Mtu { get; init; }

    /// <summary>Maximal segment size to advertise, in bytes.</summary>
    public uint AdvMss { get; init; }

    /// <summary>Metric; lower wins.</summary>
    public uint Priority { get; init; }

    /// <summary>Routing table; 0 is a value.</summary>
    public uint? Table { get; init; }

    /// <summary>Scope as in rtnetlink(7): 0 global, 253 link, 254 host; 0 is a value.</summary>
    public int? Scope { get; init; }
}
