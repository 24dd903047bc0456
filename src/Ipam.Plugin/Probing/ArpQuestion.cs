using System.Buffers.Binary;
using System.Net;

namespace Ipam.Plugin.Probing;

/// <summary>Whether anybody has an IPv4 address: an ARP probe (RFC 5227, section 2.1.1), which names no address of the one who asks.</summary>
internal static class ArpQuestion
{
    public const ushort EtherType = 0x0806;

    private const int Size = EthernetFrame.HeaderSize + 28;
    private const int Operation = EthernetFrame.HeaderSize + 6;
    private const int SenderMac = EthernetFrame.HeaderSize + 8;
    private const int SenderAddress = EthernetFrame.HeaderSize + 14;
    private const int TargetAddress = EthernetFrame.HeaderSize + 24;
    private const ushort Request = 1;

    // Ethernet, IPv4, six and four bytes long (RFC 826).
    private static ReadOnlySpan<byte> Kinds => [0, 1, 8, 0, 6, 4];

    private static ReadOnlySpan<byte> Everybody => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    /// <summary>The frame that asks.</summary>
    public static byte[] Frame(IPAddress address, ReadOnlySpan<byte> mac)
    {
        var frame = new byte[Size];
        EthernetFrame.Write(frame, Everybody, mac, EtherType);
        Kinds.CopyTo(frame.AsSpan(EthernetFrame.HeaderSize));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Operation), Request);
        mac.CopyTo(frame.AsSpan(SenderMac));
        address.TryWriteBytes(frame.AsSpan(TargetAddress), out _);
        return frame;
    }

    /// <summary>The address that the sender of a frame says it has, or asks for as we do and will have; null if the frame says neither.</summary>
    public static IPAddress? ClaimIn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Size || !frame[EthernetFrame.HeaderSize..].StartsWith(Kinds))
            return null;
        var own = new IPAddress(frame.Slice(SenderAddress, 4));
        return !own.Equals(IPAddress.Any) ? own : new IPAddress(frame.Slice(TargetAddress, 4));
    }
}
