using System.Runtime.InteropServices;
using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>How one request went (<c>struct nlmsgerr</c>), with the kernel's own sentence where it adds one.</summary>
internal readonly record struct Acknowledgement(Errno Errno, string? KernelText)
{
    private const MessageFlags WithoutRequest = (MessageFlags)0x100; // NLM_F_CAPPED
    private const MessageFlags WithAttributes = (MessageFlags)0x200; // NLM_F_ACK_TLVS
    private const ushort KernelTextAttribute = 1; // NLMSGERR_ATTR_MSG

    /// <exception cref="MalformedMessageException">The message is too short.</exception>
    public static Acknowledgement Parse(NetlinkMessage message)
    {
        if (!MemoryMarshal.TryRead<int>(message.Payload, out var error))
            throw new MalformedMessageException($"an acknowledgement has {message.Payload.Length} bytes, at least 4 are needed");
        // The kernel reports -errno. -error of int.MinValue overflows to itself, which is no errno of any kind: still shown.
        return new Acknowledgement((Errno)unchecked(-error), message.Flags.HasFlag(WithAttributes) ? FindText(message) : null);
    }

    // An acknowledgement repeats the request before the attributes, its header alone or the whole of it; the end of a dump doesn't.
    private static string? FindText(NetlinkMessage message)
    {
        var rest = message.Payload[sizeof(int)..];
        var skip = message.Type == MessageType.Done ? 0
            : message.Flags.HasFlag(WithoutRequest) || !MemoryMarshal.TryRead<uint>(rest, out var requestLength)
                ? NetlinkWriter.HeaderSize
                : requestLength;
        if (skip > (uint)rest.Length)
            throw new MalformedMessageException($"an acknowledgement has {rest.Length} bytes after the error, {skip} are needed");
        var attributes = new AttributeReader(rest[Math.Min(Alignment.Align((int)skip), rest.Length)..]);
        while (attributes.TryRead(out var attribute))
        {
            if (attribute.Type == KernelTextAttribute)
                return attribute.Text;
        }
        return null;
    }
}
