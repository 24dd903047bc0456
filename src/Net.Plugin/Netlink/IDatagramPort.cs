using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>Where netlink datagrams go to and come from.</summary>
internal interface IDatagramPort : IDisposable
{
    Errno Send(ReadOnlySpan<byte> datagram);

    /// <summary>Waits for a datagram, but not for ever: EAGAIN when none came in time. The length may exceed the buffer's.</summary>
    Errno Receive(Span<byte> buffer, out int length, out uint sender);
}
