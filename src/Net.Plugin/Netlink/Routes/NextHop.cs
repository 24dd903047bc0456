using System.Net;

namespace Net.Plugin.Netlink.Routes;

/// <summary>One of the ways that a multipath route offers.</summary>
/// <param name="Index">Number of the interface it leaves through.</param>
/// <param name="Gateway">Null: the destination is on the link.</param>
/// <param name="Flags">State of this way.</param>
/// <param name="Weight">At least 1.</param>
internal sealed record NextHop(int Index, IPAddress? Gateway, NextHopFlags Flags, int Weight);
