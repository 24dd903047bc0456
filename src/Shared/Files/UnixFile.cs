using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IpamSuite.Shared;

/// <summary>
/// Files that somebody else may have put there. The framework opens a FIFO by waiting for its writer, and doesn't say whose a file is, nor of what kind; so
/// three calls of the C library are made here: open(2), fstat by statx(2), and lstat by statx(2). Safe for use by several threads at once.
/// </summary>
internal static class UnixFile
{
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private const int CurrentFolder = -100;
    private const int SymlinkNoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatxSize = 256;

    private const int NoSuchFile = 2;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NotAFolder = 20;
    private const int TooManyLinks = 40;

    /// <summary>The user that this process acts as.</summary>
    public static uint ThisUser { get; } = TryStat("/proc/self")?.Uid ?? 0;

    /// <summary>What is at a path; null if nothing is. Opens nothing. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLink">Whether a link stands for what it leads to.</param>
    public static UnixFileStatus? TryStat(string path, bool followLink = false)
    {
        var buffer = new byte[StatxSize];
        if (Statx(CurrentFolder, Bytes(path), followLink ? 0 : SymlinkNoFollow, BasicStats, buffer) == 0)
            return UnixFileStatus.Read(buffer);
        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotAFolder ? null : throw Fault(path, error);
    }

    /// <summary>
    /// Reads a regular file whole. Never waits for another process. Throws <see cref="FileNotFoundException"/> if there is none,
    /// <see cref="InvalidDataException"/> if it isn't a regular file, <paramref name="check"/> objects, or it is larger than
    /// <paramref name="mostBytes"/>, else <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="mostBytes">The largest size.</param>
    /// <param name="followLink">Whether the path may be a link.</param>
    /// <param name="check">What is wrong with the file that was opened; null if nothing is.</param>
    public static byte[] Read(string path, int mostBytes, bool followLink, Func<UnixFileStatus, string?>? check = null)
    {
        using var file = OpenRegular(path, followLink, check);
        // The size that is told may be another one by now, and is 0 in /proc.
        using var content = new MemoryStream();
        var buffer = new byte[Math.Min(mostBytes, 16 << 10) + 1];
        while (RandomAccess.Read(file, buffer, content.Length) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
            if (content.Length > mostBytes)
                throw new InvalidDataException($"{path} is larger than {mostBytes} bytes, which is more than such a file may have");
        }
        return content.ToArray();
    }

    /// <summary>
    /// Puts the names in a folder on the disk: what was made, renamed or removed there stays so over a power failure. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static void SyncFolder(string path)
    {
        using var folder = Open(path, followLink: true);
        RandomAccess.FlushToDisk(folder);
    }

    /// <summary>Opens a regular file for reading. Never waits for another process. Throws as <see cref="Read"/>.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="followLink">Whether the path may be a link.</param>
    /// <param name="check">What is wrong with the file that was opened; null if nothing is.</param>
    public static SafeFileHandle OpenRegular(string path, bool followLink, Func<UnixFileStatus, string?>? check = null)
    {
        var file = Open(path, followLink);
        try
        {
            var status = StatOf(file, path);
            if (status.Kind != UnixFileKind.Regular)
                throw new InvalidDataException($"{path} is {status.KindText}, wanted is a regular file");
            if (check?.Invoke(status) is { } problem)
                throw new InvalidDataException($"{path} {problem}");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Open(string path, bool followLink)
    {
        var descriptor = Open(Bytes(path), ReadOnly | NonBlocking | CloseOnExec | (followLink ? 0 : NoFollow), 0);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        throw error == TooManyLinks && !followLink ? new InvalidDataException($"{path} is a link, wanted is a regular file") : Fault(path, error);
    }

    /// <summary>O_NOFOLLOW differs between processors (fcntl.h of the kernel).</summary>
    private static int NoFollow => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    private static UnixFileStatus StatOf(SafeFileHandle file, string path)
    {
        var buffer = new byte[StatxSize];
        return Statx((int)file.DangerousGetHandle(), [0], EmptyPath, BasicStats, buffer) == 0
            ? UnixFileStatus.Read(buffer)
            : throw Fault(path, Marshal.GetLastPInvokeError());
    }

    private static byte[] Bytes(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new FileNotFoundException("a path holds no zero");
        return Encoding.UTF8.GetBytes(path + '\0');
    }

    private static Exception Fault(string path, int error)
    {
        var text = $"{path}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            NoSuchFile or NotAFolder => new FileNotFoundException(text, path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException(text),
            _ => new IOException(text, error),
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] buffer);
}
