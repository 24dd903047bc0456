using System.Buffers.Binary;

namespace Ipam.Plugin.Probing;

/// <summary>The header of an Ethernet frame (IEEE 802.3, type interpretation): to whom, from whom, of what.</summary>
internal static class EthernetFrame
{
    /// <summary>Where the frame's content begins.</summary>
    public const int HeaderSize = 14;

    /// <summary>Where the type is.</summary>
    public const int TypeOffset = 12;

    private const int SourceOffset = LinkEndPoint.MacSize;

    /// <summary>Writes the header.</summary>
    public static void Write(Span<byte> frame, ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, ushort type)
    {
        to.CopyTo(frame);
        from.CopyTo(frame[SourceOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[TypeOffset..], type);
    }

    /// <summary>The type; 0 for a frame that is too short.</summary>
    public static ushort TypeOf(ReadOnlySpan<byte> frame) => frame.Length < HeaderSize ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]);

    /// <summary>Who sent it.</summary>
    public static ReadOnlySpan<byte> SourceOf(ReadOnlySpan<byte> frame) => frame.Slice(SourceOffset, LinkEndPoint.MacSize);
}
