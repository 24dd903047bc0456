using System.Net;
using System.Net.Sockets;

namespace Testing.Servers;

/// <summary>Ports of 127.0.0.1.</summary>
public static class Ports
{
    // Below those that the system gives to connections, which would take one before its server does.
    private const int First = 10_000;
    private const int BehindLast = 32_000;

    /// <summary>One that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, BehindLast));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one will be free.
            }
        }
    }
}
