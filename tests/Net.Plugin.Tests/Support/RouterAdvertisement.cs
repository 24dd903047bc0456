using System.Net;
using System.Net.Sockets;

namespace Net.Plugin.Tests.Support;

/// <summary>What a router on the link tells all hosts (RFC 4861, section 4.2): that it is their default router for half an hour.</summary>
internal static class RouterAdvertisement
{
    private const int AllHopsNeeded = 255;

    // Type 134, code 0, checksum (the kernel's), hop limit 64, no flags, lifetime 1800 s, then 8 bytes of timers.
    private static readonly byte[] Message = [134, 0, 0, 0, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Sends it out of the interface of the namespace.</summary>
    public static void Send(TestNamespace router, int interfaceIndex) => router.Namespace.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, AllHopsNeeded);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, interfaceIndex);
        return socket.SendTo(Message, new IPEndPoint(IPAddress.Parse($"ff02::1%{interfaceIndex}"), 0));
    });
}
