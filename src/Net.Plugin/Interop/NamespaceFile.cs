using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>What the kernel says about an open namespace file, and the one call that moves a thread into it.</summary>
internal static unsafe class NamespaceFile
{
    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET, linux/sched.h

    // struct statfs is 120 bytes on 64-bit Linux and begins with f_type.
    private const int FileSystemStatusSize = 256;

    // struct statx is 256 bytes on every architecture.
    private const int StatusSize = 256;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint WantInode = 0x100; // STATX_INO

    /// <summary>The magic number of the file system that the file lies in (statfs(2)).</summary>
    public static long FileSystemMagic(FileDescriptor file)
    {
        var status = stackalloc byte[FileSystemStatusSize];
        if (LibC.FileSystemStatus(file, status) != 0)
            throw new SystemCallException("fstatfs", (Errno)Marshal.GetLastPInvokeError());
        return *(long*)status;
    }

    /// <summary>Device and inode: equal for two files of the same namespace (ioctl_ns(2)).</summary>
    public static (ulong Device, ulong Inode) Identity(FileDescriptor file)
    {
        var bytes = stackalloc byte[StatusSize];
        if (LibC.Status(file, "", EmptyPath, WantInode, bytes) != 0)
            throw new SystemCallException("statx", (Errno)Marshal.GetLastPInvokeError());
        var status = new ReadOnlySpan<byte>(bytes, StatusSize);
        return (MemoryMarshal.Read<ulong>(status[DeviceOffset..]), MemoryMarshal.Read<ulong>(status[InodeOffset..]));
    }

    /// <summary>Moves the calling thread, and it alone, into the network namespace. Only for threads that end soon after.</summary>
    public static Errno EnterWithThisThread(FileDescriptor file) =>
        LibC.SetNamespace(file, NetworkNamespace) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
}
