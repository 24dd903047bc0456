using System.Net;
using Ipam.Web.Options;

namespace Ipam.Web.Http;

/// <summary>
/// Under which names of its host a browser may ask. A page of somebody else may point a name of his own at 127.0.0.1 (DNS rebinding): then his script would read what
/// is served there. So where only this machine gets in, only names of the loopback interface and those given are answered.
/// </summary>
internal sealed class HostNames(WebOptions options)
{
    private readonly bool _isOpen = !IPAddress.IsLoopback(options.Listen.Address);

    /// <summary>Whether a request for this host is answered.</summary>
    public bool Knows(HostString host) => _isOpen
        || string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || options.Hosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase);
}
