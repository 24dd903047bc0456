using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>What the kernel says about an open namespace file, and the one call that moves a thread into it.</summary>
internal static unsafe class NamespaceFile
{
    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET, linux/sched.h

    // struct statfs is 120 bytes on 64-bit Linux and begins with f_type.
    private const int FileSystemStatusSize = 256;

    // struct stat is 144 bytes on x86-64 and 128 on arm64, and begins with st_dev and st_ino, 8 bytes each.
    private const int StatusSize = 256;

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
        var status = stackalloc byte[StatusSize];
        if (LibC.Status(file, status) != 0)
            throw new SystemCallException("fstat", (Errno)Marshal.GetLastPInvokeError());
        return (((ulong*)status)[0], ((ulong*)status)[1]);
    }

    /// <summary>Moves the calling thread, and it alone, into the network namespace. Only for threads that end soon after.</summary>
    public static Errno EnterWithThisThread(FileDescriptor file) =>
        LibC.SetNamespace(file, NetworkNamespace) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
}
