using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>An open file, pipe end or socket; closed once, whoever forgets it. Always opened close-on-exec.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    private static readonly nint Invalid = -1;

    private FileDescriptor(int number)
        : base(Invalid, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle == Invalid;

    /// <summary>The number itself, for messages that carry one. Valid only while this object is not disposed.</summary>
    public int Number => (int)handle;

    /// <summary>Takes over what a system call returned: a new descriptor, or -1 with the reason in errno.</summary>
    public static FileDescriptor FromCall(int result, out Errno errno)
    {
        errno = result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
        return new FileDescriptor(result);
    }

    // close(2): on Linux the descriptor is gone even when EINTR is returned, so it must not be closed again.
    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0 || Marshal.GetLastPInvokeError() == (int)Errno.EINTR;
}
