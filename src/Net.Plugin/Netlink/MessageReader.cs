using System.Runtime.InteropServices;

namespace Net.Plugin.Netlink;

/// <summary>Takes a datagram apart into its messages.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>The next message, or false at the end.</summary>
    /// <exception cref="MalformedMessageException">A length that is shorter than a header or longer than what there is.</exception>
    public bool TryRead(out NetlinkMessage message)
    {
        message = default;
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < NetlinkWriter.HeaderSize)
            throw new MalformedMessageException($"{_rest.Length} bytes are left of a datagram, a message header has {NetlinkWriter.HeaderSize}");
        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkWriter.HeaderSize || length > (uint)_rest.Length)
            throw new MalformedMessageException($"a message claims {length} bytes, {_rest.Length} are left of the datagram");

        message = new NetlinkMessage(
            MemoryMarshal.Read<ushort>(_rest[4..]),
            (MessageFlags)MemoryMarshal.Read<ushort>(_rest[6..]),
            MemoryMarshal.Read<uint>(_rest[8..]),
            _rest[NetlinkWriter.HeaderSize..(int)length]);
        _rest = _rest[Math.Min(Alignment.Align((int)length), _rest.Length)..];
        return true;
    }
}

/// <summary>Bytes that should be a netlink message are not one.</summary>
internal sealed class MalformedMessageException(string message) : HostException(message);

/// <summary>Makes a value of one message of a dump; null for a message that is not wanted.</summary>
internal delegate T? MessageParser<out T>(NetlinkMessage message)
    where T : class;
