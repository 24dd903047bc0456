using System.Runtime.InteropServices;
using System.Text;

namespace Net.Plugin.Interop;

/// <summary>
/// A name that one process of a network namespace can hold at a time, and those it passes the descriptor on to. The kernel takes it back
/// when the last of them ends, however they end: an abstract unix socket address (unix(7)), on which connections are never accepted.
/// </summary>
internal static unsafe class ClaimedName
{
    private const int AddressFamily = 1; // AF_UNIX
    private const int StreamCloseOnExec = 1 | 0x80000; // SOCK_STREAM | SOCK_CLOEXEC
    private const int LargestQueue = 4096;
    private const int FamilySize = sizeof(ushort);
    private const int LongestName = 107;

    private delegate int AddressCall(FileDescriptor socket, byte* address, uint length);

    /// <summary>Claims the name in the calling thread's network namespace until the handle is disposed; null if somebody holds it.</summary>
    /// <exception cref="SystemCallException">The kernel has no unix sockets, or no memory.</exception>
    public static FileDescriptor? TryClaim(string name)
    {
        var socket = Open();
        var errno = Call(LibC.Bind, socket, name);
        if (errno == Errno.None)
            errno = Result(LibC.Listen(socket, LargestQueue));
        if (errno == Errno.None)
            return socket;
        socket.Dispose();
        return errno == Errno.EADDRINUSE ? null : throw new SystemCallException($"cannot claim the name {name}", errno);
    }

    /// <summary>Waits until nobody holds the name any more, or for so long; false if there is nobody who could be waited for.</summary>
    public static bool TryWaitUntilFree(string name, TimeSpan longest)
    {
        using var socket = Open();
        if (KernelSocket.SetReceiveTimeout(socket, longest) != Errno.None || Call(LibC.Connect, socket, name) != Errno.None)
            return false;
        // Nobody ever sends anything: this ends when the name's last holder does.
        Span<byte> nothing = stackalloc byte[1];
        _ = SystemFile.Read(socket, nothing, out _);
        return true;
    }

    private static FileDescriptor Open()
    {
        var socket = FileDescriptor.FromCall(LibC.Socket(AddressFamily, StreamCloseOnExec, 0), out var errno);
        return errno == Errno.None ? socket : throw new SystemCallException("cannot open a unix socket", errno);
    }

    // An address that begins with a zero byte is a name of its own and no file.
    private static Errno Call(AddressCall call, FileDescriptor socket, string name)
    {
        var address = stackalloc byte[FamilySize + 1 + LongestName];
        *(ushort*)address = AddressFamily;
        address[FamilySize] = 0;
        var length = Encoding.UTF8.GetBytes(name, new Span<byte>(address + FamilySize + 1, LongestName));
        return Result(call(socket, address, (uint)(FamilySize + 1 + length)));
    }

    private static Errno Result(int result) => result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
}
