using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink;

/// <summary>Walks a list of attributes, at the top of a message or nested.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    // linux/netlink.h, NLA_TYPE_MASK: without the "nested" and "network byte order" marks.
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>The next attribute, or false at the end. Fewer than four bytes at the end are padding.</summary>
    /// <exception cref="MalformedMessageException">A length that is shorter than a header or longer than what there is.</exception>
    public bool TryRead(out NetlinkAttribute attribute)
    {
        attribute = default;
        if (_rest.Length < NetlinkWriter.AttributeHeaderSize)
            return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < NetlinkWriter.AttributeHeaderSize || length > _rest.Length)
            throw new MalformedMessageException($"an attribute claims {length} bytes, {_rest.Length} are left of its message");

        var type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        attribute = new NetlinkAttribute(type, _rest[NetlinkWriter.AttributeHeaderSize..length]);
        _rest = _rest[Math.Min(Alignment.Align(length), _rest.Length)..];
        return true;
    }
}
