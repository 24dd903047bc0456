using System.Net;
using System.Net.Sockets;

namespace Testing.Servers;

/// <summary>Ports of 127.0.0.1.</summary>
public static class Ports
{
    /// <summary>One that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
