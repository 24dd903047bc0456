using System.Buffers.Binary;
using System.Net;

namespace Ipam.Plugin.Probing;

/// <summary>Whether anybody has an IPv6 address: a neighbour solicitation without an address of the one who asks (RFC 4862, section 5.4.2).</summary>
internal static class NeighbourQuestion
{
    public const ushort EtherType = 0x86dd;
    public const byte IcmpV6 = 58;
    public const byte Solicitation = 135;
    public const byte Advertisement = 136;
    public const int NextHeaderOffset = EthernetFrame.HeaderSize + 6;
    public const int TypeOffset = Message;

    private const int HopLimitOffset = EthernetFrame.HeaderSize + 7;
    private const int SourceOffset = EthernetFrame.HeaderSize + 8;
    private const int DestinationOffset = EthernetFrame.HeaderSize + 24;
    private const int Message = EthernetFrame.HeaderSize + 40;
    private const int TargetOffset = Message + 8;
    private const int MessageSize = 24;
    private const int Size = Message + MessageSize;
    private const int AddressSize = 16;

    /// <summary>What no router lets pass has come from the link (RFC 4861, section 7.1).</summary>
    private const byte OnLink = 255;

    private static ReadOnlySpan<byte> Unspecified => new byte[AddressSize];

    /// <summary>All nodes' group, to which who has the address answers, as an Ethernet address.</summary>
    public static byte[] AllNodes => [0x33, 0x33, 0, 0, 0, 1];

    /// <summary>The group of those whose addresses end alike, as an Ethernet address: to it one asks.</summary>
    public static byte[] GroupOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return [0x33, 0x33, 0xff, .. bytes[13..]];
    }

    /// <summary>The frame that asks.</summary>
    public static byte[] Frame(IPAddress address, ReadOnlySpan<byte> mac)
    {
        var frame = new byte[Size];
        EthernetFrame.Write(frame, GroupOf(address), mac, EtherType);
        frame[EthernetFrame.HeaderSize] = 0x60; // version 6
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EthernetFrame.HeaderSize + 4), MessageSize);
        (frame[NextHeaderOffset], frame[HopLimitOffset]) = (IcmpV6, OnLink);
        var target = address.GetAddressBytes();
        byte[] group = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, .. target[13..]];
        group.CopyTo(frame, DestinationOffset);
        frame[TypeOffset] = Solicitation;
        target.CopyTo(frame, TargetOffset);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Message + 2), Checksum(frame));
        return frame;
    }

    /// <summary>
    /// The address that the sender of a frame says it has, or asks for as we do and will have; null if the frame says neither. Its checksum isn't looked at:
    /// that of a frame which never leaves this machine is yet to be computed.
    /// </summary>
    public static IPAddress? ClaimIn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Size || frame[NextHeaderOffset] != IcmpV6 || frame[HopLimitOffset] != OnLink)
            return null;
        var isClaim = frame[TypeOffset] == Advertisement
            || (frame[TypeOffset] == Solicitation && frame.Slice(SourceOffset, AddressSize).SequenceEqual(Unspecified));
        return isClaim ? new IPAddress(frame.Slice(TargetOffset, AddressSize)) : null;
    }

    // Over both addresses, the length, the next header and the message (RFC 8200, section 8.1).
    private static ushort Checksum(ReadOnlySpan<byte> frame)
    {
        uint sum = MessageSize + IcmpV6;
        for (var i = SourceOffset; i < Size; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame[i..]);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
