using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>A netlink socket of the network namespace in which it was opened.</summary>
internal sealed class KernelPort : IDatagramPort
{
    // netlink(7), "Socket options". Older kernels lack some of them; everything here works without, only with poorer errors and longer dumps.
    private const int CapAck = 10;
    private const int ExtendedAck = 11;
    private const int StrictCheck = 12;

    // The kernel answers within the send; this is only there so that nothing can wait for ever.
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(10);

    private readonly FileDescriptor _socket;

    /// <exception cref="NetlinkException">The kernel has no such netlink family, or may not be asked.</exception>
    public KernelPort(NetlinkProtocol protocol)
    {
        _socket = KernelSocket.Open((int)protocol, out var errno);
        if (errno == Errno.None)
            errno = KernelSocket.SetReceiveTimeout(_socket, ReceiveTimeout);
        if (errno != Errno.None)
        {
            _socket.Dispose();
            throw new NetlinkException($"open a netlink socket ({protocol})", errno);
        }
        _ = KernelSocket.Enable(_socket, CapAck);
        _ = KernelSocket.Enable(_socket, ExtendedAck);
        _ = KernelSocket.Enable(_socket, StrictCheck);
    }

    public Errno Send(ReadOnlySpan<byte> datagram) => KernelSocket.Send(_socket, datagram);

    public Errno Receive(Span<byte> buffer, out int length, out uint sender) => KernelSocket.Receive(_socket, buffer, out length, out sender);

    public void Dispose() => _socket.Dispose();
}

/// <summary>Where netlink datagrams go to and come from.</summary>
internal interface IDatagramPort : IDisposable
{
    Errno Send(ReadOnlySpan<byte> datagram);

    /// <summary>Waits for a datagram, but not for ever: EAGAIN when none came in time. The length may exceed the buffer's.</summary>
    Errno Receive(Span<byte> buffer, out int length, out uint sender);
}
