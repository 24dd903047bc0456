using System.Net;

namespace Ipam.Plugin.Service;

/// <summary>An address for which somebody on the wire answers.</summary>
/// <param name="Address">The address.</param>
/// <param name="AnsweredBy">The Ethernet address of the one who answers.</param>
internal sealed record AddressInUse(IPAddress Address, string AnsweredBy);
