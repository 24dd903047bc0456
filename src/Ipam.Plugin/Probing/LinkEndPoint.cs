using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ipam.Plugin.Probing;

/// <summary>An interface as packet sockets name it: <c>struct sockaddr_ll</c> (packet(7)).</summary>
internal sealed class LinkEndPoint(int index) : EndPoint
{
    /// <summary>Bytes of the structure.</summary>
    public const int Size = 20;

    /// <summary>Bytes of an Ethernet address.</summary>
    public const int MacSize = 6;

    private const ushort AllProtocols = 3; // ETH_P_ALL
    private const int ProtocolOffset = 2;
    private const int IndexOffset = 4;
    private const int HardwareOffset = 8;
    private const int PacketTypeOffset = 10;
    private const int MacOffset = 12;
    private const ushort Ethernet = 1; // ARPHRD_ETHER
    private const byte ForAnother = 3; // PACKET_OTHERHOST
    private const byte Outgoing = 4; // PACKET_OUTGOING

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Packet;

    /// <summary>The interface's Ethernet address; null if it has none.</summary>
    public byte[]? Mac { get; private init; }

    /// <summary>Whether a packet from this address is neither one that was sent here nor one for somebody else.</summary>
    public static bool IsForUs(SocketAddress sender) => sender[PacketTypeOffset] is not (ForAnother or Outgoing);

    /// <inheritdoc/>
    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Packet, Size);
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[ProtocolOffset..], AllProtocols);
        MemoryMarshal.Write(bytes[IndexOffset..], index);
        return address;
    }

    /// <inheritdoc/>
    public override EndPoint Create(SocketAddress socketAddress)
    {
        var bytes = socketAddress.Buffer.Span;
        return new LinkEndPoint(MemoryMarshal.Read<int>(bytes[IndexOffset..]))
        {
            Mac = MemoryMarshal.Read<ushort>(bytes[HardwareOffset..]) == Ethernet ? bytes.Slice(MacOffset, MacSize).ToArray() : null,
        };
    }
}
