using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ipam.Plugin.Probing;

/// <summary>What is on the wire of an interface: frames are sent as they are, and those that may answer are received.</summary>
internal sealed class Wire : IDisposable
{
    private const int PacketLevel = 263; // SOL_PACKET
    private const int AddMembership = 1; // PACKET_ADD_MEMBERSHIP
    private const ushort Multicast = 0; // PACKET_MR_MULTICAST
    private const int MembershipSize = 16; // struct packet_mreq

    private static readonly int LargestAddress = SocketAddress.GetMaximumAddressSize(AddressFamily.Packet);

    private readonly Socket _socket = new(AddressFamily.Packet, SocketType.Raw, 0);
    private readonly SocketAddress _sender = new(AddressFamily.Packet, LargestAddress);
    private readonly int _index;

    private Wire(int index) => _index = index;

    /// <summary>The interface's Ethernet address; null if it has none.</summary>
    public byte[]? Mac { get; private set; }

    /// <summary>The wire of an interface of the calling thread's network namespace; null if there is no such interface. Throws <see cref="SocketException"/>.</summary>
    public static Wire? Open(string name)
    {
        if (IndexOf(name) is not { } index)
            return null;
        var wire = new Wire(index);
        try
        {
            // Nothing is received before the socket is bound.
            PacketFilter.Attach(wire._socket);
            wire._socket.Bind(new LinkEndPoint(index));
            wire.Mac = ((LinkEndPoint)wire._socket.LocalEndPoint!).Mac;
            return wire;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    /// <summary>Listens to a group, also where the interface itself isn't in it.</summary>
    public void Join(ReadOnlySpan<byte> group)
    {
        Span<byte> membership = stackalloc byte[MembershipSize];
        membership.Clear();
        MemoryMarshal.Write(membership, _index);
        MemoryMarshal.Write(membership[4..], Multicast);
        MemoryMarshal.Write(membership[6..], (ushort)group.Length);
        group.CopyTo(membership[8..]);
        _socket.SetRawSocketOption(PacketLevel, AddMembership, membership);
    }

    public void Send(ReadOnlySpan<byte> frame) => _socket.Send(frame);

    /// <summary>Waits for a frame; empty if none has come for us.</summary>
    public ReadOnlySpan<byte> Receive(Span<byte> buffer, TimeSpan patience)
    {
        if (!_socket.Poll(patience, SelectMode.SelectRead))
            return default;
        // What was received before has made it shorter.
        _sender.Size = LargestAddress;
        var length = _socket.ReceiveFrom(buffer, SocketFlags.None, _sender);
        return LinkEndPoint.IsForUs(_sender) ? buffer[..length] : default;
    }

    public void Dispose() => _socket.Dispose();

    // The framework asks if_nametoindex(3) for the scope of an address. A number there is taken as it is, so that an interface with such a name can't be found.
    private static int? IndexOf(string name) =>
        !uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) && IPAddress.TryParse($"fe80::1%{name}", out var address) && address.ScopeId > 0
            ? (int)address.ScopeId
            : null;
}
