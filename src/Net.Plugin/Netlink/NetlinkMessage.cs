using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink;

/// <summary>One received message: its header's fields and the bytes after the header.</summary>
internal readonly ref struct NetlinkMessage(ushort type, MessageFlags flags, uint sequence, ReadOnlySpan<byte> payload)
{
    public ushort Type { get; } = type;

    public MessageFlags Flags { get; } = flags;

    public uint Sequence { get; } = sequence;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>The family's fixed structure at the start of the payload; <paramref name="attributes"/> is what follows it.</summary>
    /// <exception cref="MalformedMessageException">The message is shorter than the structure.</exception>
    public T Structure<T>(out AttributeReader attributes)
        where T : unmanaged
    {
        T value = default;
        var size = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).Length;
        if (!MemoryMarshal.TryRead(Payload, out value))
            throw new MalformedMessageException($"message of type {Type} has {Payload.Length} bytes, at least {size} are needed");
        attributes = new AttributeReader(Payload[Math.Min(Alignment.Align(size), Payload.Length)..]);
        return value;
    }
}
