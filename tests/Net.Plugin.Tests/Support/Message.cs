using Net.Plugin.Netlink;

namespace Net.Plugin.Tests.Support;

/// <summary>Messages that a kernel could send.</summary>
internal static class Message
{
    public static byte[] Acknowledgement(uint sequence, int errno = 0) =>
        Of(MessageType.Error, MessageFlags.None, sequence, [.. BitConverter.GetBytes(-errno), .. new byte[16]]);

    public static byte[] Done(uint sequence, MessageFlags flags = MessageFlags.Multi) =>
        Of(MessageType.Done, flags, sequence, BitConverter.GetBytes(0));

    public static byte[] Of(ushort type, MessageFlags flags, uint sequence, byte[] payload)
    {
        var buffer = new byte[NetlinkWriter.HeaderSize + Alignment.Align(payload.Length)];
        var writer = new NetlinkWriter(buffer);
        writer.BeginMessage(type, flags, sequence);
        writer.EndMessage(0);
        payload.CopyTo(buffer, NetlinkWriter.HeaderSize);
        BitConverter.TryWriteBytes(buffer, NetlinkWriter.HeaderSize + payload.Length);
        return buffer;
    }
}
