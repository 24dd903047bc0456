using System.Net;
using System.Net.Sockets;

namespace Net.Plugin.Tests.Support;

/// <summary>Real connections between namespaces.</summary>
internal static class Traffic
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Connects from one namespace to an address of another and returns the source address seen there.</summary>
    public static string SourceSeen(TestNamespace from, TestNamespace to, string address) => SourceSeen(from, to, address, null, address, 0);

    /// <summary>The same for a connection that is sent on to another address and port on its way.</summary>
    public static string SourceSeen(TestNamespace from, TestNamespace to, string address, int? port, string finalAddress, int finalPort)
    {
        using var listener = to.Namespace.Run(() =>
        {
            var socket = new TcpListener(IPAddress.Parse(finalAddress), finalPort);
            socket.Start();
            return socket;
        });
        using var client = from.Namespace.Run(() => Connect(IPAddress.Parse(address), port ?? ((IPEndPoint)listener.LocalEndpoint).Port));
        using var accepted = listener.AcceptTcpClient();
        return ((IPEndPoint)accepted.Client.RemoteEndPoint!).Address.ToString();
    }

    /// <summary>Whether a UDP packet of so many bytes, its IPv4 header included, arrives without being cut on the way.</summary>
    public static bool CanSendWhole(TestNamespace from, TestNamespace to, string address, int size)
    {
        const int Headers = 20 + 8;
        using var receiver = to.Namespace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0)));
        receiver.Client.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        using var sender = from.Namespace.Run(() => new UdpClient(AddressFamily.InterNetwork) { DontFragment = true });
        try
        {
            sender.Send(new byte[size - Headers], (IPEndPoint)receiver.Client.LocalEndPoint!);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            return false;
        }
        IPEndPoint? source = null;
        return receiver.Receive(ref source).Length == size - Headers;
    }

    private static Socket Connect(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var connecting = socket.BeginConnect(address, port, null, null);
        if (!connecting.AsyncWaitHandle.WaitOne(Patience))
        {
            socket.Dispose();
            throw new TimeoutException($"no connection to {address}:{port} within {Patience.TotalSeconds} seconds");
        }
        socket.EndConnect(connecting);
        return socket;
    }
}
