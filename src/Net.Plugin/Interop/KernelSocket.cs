using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>A raw netlink socket: datagrams to and from the kernel, nothing about what is in them.</summary>
internal static unsafe class KernelSocket
{
    private const int AddressFamily = 16; // AF_NETLINK
    private const int RawCloseOnExec = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    private const int NetlinkLevel = 270; // SOL_NETLINK
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReceiveTimeout = 20; // SO_RCVTIMEO
    private const int Truncated = 0x20; // MSG_TRUNC
    private const int AddressSize = 12; // struct sockaddr_nl
    private const int PortOffset = 4; // sockaddr_nl.nl_pid

    /// <summary>Opens a socket in the calling thread's network namespace; it stays in that namespace wherever it is used.</summary>
    public static FileDescriptor Open(int protocol, out Errno errno) =>
        FileDescriptor.FromCall(LibC.Socket(AddressFamily, RawCloseOnExec, protocol), out errno);

    /// <summary>Turns on a switch of the netlink layer (netlink(7), "Socket options").</summary>
    public static Errno Enable(FileDescriptor socket, int option)
    {
        var on = 1;
        return Result(LibC.SetSocketOption(socket, NetlinkLevel, option, (byte*)&on, sizeof(int)));
    }

    /// <summary>After this long without a datagram a waiting receive ends with EAGAIN. At least a microsecond: 0 would be for ever.</summary>
    public static Errno SetReceiveTimeout(FileDescriptor socket, TimeSpan timeout)
    {
        var microseconds = Math.Max((long)timeout.TotalMicroseconds, 1);
        var value = stackalloc long[] { microseconds / 1_000_000, microseconds % 1_000_000 };
        return Result(LibC.SetSocketOption(socket, SocketLevel, ReceiveTimeout, (byte*)value, 2 * sizeof(long)));
    }

    /// <summary>Sends one datagram to the kernel. A socket that has no address yet is given one by the kernel.</summary>
    public static Errno Send(FileDescriptor socket, ReadOnlySpan<byte> datagram)
    {
        var kernel = stackalloc byte[AddressSize];
        new Span<byte>(kernel, AddressSize).Clear();
        *(ushort*)kernel = AddressFamily;
        fixed (byte* start = datagram)
        {
            while (true)
            {
                var errno = Result((int)LibC.SendTo(socket, start, datagram.Length, 0, kernel, AddressSize));
                if (errno != Errno.EINTR)
                    return errno;
            }
        }
    }

    /// <summary>
    /// Waits for a datagram. <paramref name="length"/> is its true length, which may be more than the buffer holds;
    /// <paramref name="sender"/> is the sender's port, 0 for the kernel.
    /// </summary>
    public static Errno Receive(FileDescriptor socket, Span<byte> buffer, out int length, out uint sender)
    {
        var address = stackalloc byte[AddressSize];
        var addressLength = (uint)AddressSize;
        fixed (byte* start = buffer)
        {
            while (true)
            {
                length = (int)LibC.ReceiveFrom(socket, start, buffer.Length, Truncated, address, &addressLength);
                sender = *(uint*)(address + PortOffset);
                var errno = Result(length);
                if (errno != Errno.EINTR)
                    return errno;
            }
        }
    }

    private static Errno Result(int value) => value < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
}
