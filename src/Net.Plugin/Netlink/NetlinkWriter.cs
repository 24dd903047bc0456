using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Net.Plugin.Netlink;

/// <summary>
/// Writes netlink messages one after the other into a buffer. Numbers are in host order as netlink wants them; the
/// <c>BigEndian</c> ones are what nf_tables wants. A buffer that is too small is a fault of the caller and throws.
/// </summary>
internal ref struct NetlinkWriter(Span<byte> buffer)
{
    public const int HeaderSize = 16;
    public const int AttributeHeaderSize = 4;

    // linux/netlink.h: marks an attribute whose value is attributes.
    private const ushort Nested = 0x8000;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>Starts a message and returns its place, for <see cref="EndMessage"/>.</summary>
    public int BeginMessage(ushort type, MessageFlags flags, uint sequence)
    {
        var start = Length;
        var header = Reserve(HeaderSize);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)flags);
        MemoryMarshal.Write(header[8..], sequence);
        return start;
    }

    /// <summary>Completes the message that began at <paramref name="start"/>.</summary>
    public readonly void EndMessage(int start) => MemoryMarshal.Write(_buffer[start..], (uint)(Length - start));

    /// <summary>The fixed structure of a family, such as <c>struct ifinfomsg</c>.</summary>
    public void Structure<T>(in T value)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        bytes.CopyTo(Reserve(bytes.Length));
    }

    public void Attribute(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(AttributeSpace(type, value.Length));

    public void Attribute(ushort type, byte value) => AttributeSpace(type, sizeof(byte))[0] = value;

    public void Attribute(ushort type, uint value) => MemoryMarshal.Write(AttributeSpace(type, sizeof(uint)), value);

    public void AttributeBigEndian(ushort type, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(AttributeSpace(type, sizeof(uint)), value);

    public void AttributeBigEndian(ushort type, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(AttributeSpace(type, sizeof(ulong)), value);

    /// <summary>Text in UTF-8 with the final zero that the kernel expects.</summary>
    public void Attribute(ushort type, string value)
    {
        var space = AttributeSpace(type, Encoding.UTF8.GetByteCount(value) + 1);
        Encoding.UTF8.GetBytes(value, space);
    }

    /// <summary>Starts an attribute made of attributes and returns its place, for <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        var start = Length;
        MemoryMarshal.Write(Reserve(AttributeHeaderSize)[2..], (ushort)(type | Nested));
        return start;
    }

    /// <summary>Completes the attribute that began at <paramref name="start"/>.</summary>
    public readonly void EndNested(int start) => MemoryMarshal.Write(_buffer[start..], checked((ushort)(Length - start)));

    private Span<byte> AttributeSpace(ushort type, int valueLength)
    {
        var space = Reserve(AttributeHeaderSize + valueLength);
        MemoryMarshal.Write(space, checked((ushort)(AttributeHeaderSize + valueLength)));
        MemoryMarshal.Write(space[2..], type);
        return space.Slice(AttributeHeaderSize, valueLength);
    }

    private Span<byte> Reserve(int count)
    {
        var aligned = Alignment.Align(count);
        if (aligned > _buffer.Length - Length)
            throw new InvalidOperationException($"a netlink request needs {Length + aligned} bytes, there is room for {_buffer.Length}");
        var space = _buffer.Slice(Length, aligned);
        space.Clear();
        Length += aligned;
        return space;
    }
}
