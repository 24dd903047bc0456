using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>
/// A lock that one process can hold at a time, and those it passes the descriptor on to. The kernel takes it back when the last of them ends,
/// however they end (flock(2)). Its file lies in a folder that nobody else can enter, and is there as long as the lock is held or was lost.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private const int Exclusive = 2; // LOCK_EX
    private const int DoNotWait = 4; // LOCK_NB
    private const uint OnlyOwner = 0x1c0; // 0700

    private readonly string _path;

    private LockFile(string path, FileDescriptor file) => (_path, File) = (path, file);

    /// <summary>What holds the lock, for a program that is to hold it too.</summary>
    public FileDescriptor File { get; }

    /// <summary>Takes the lock until this is disposed; null if somebody holds it.</summary>
    /// <param name="folder">Is made where there is none; what it is in exists.</param>
    /// <param name="name">The file's name in it.</param>
    /// <exception cref="SystemCallException">The folder or the file can't be made.</exception>
    public static LockFile? TryTake(string folder, string name)
    {
        var path = $"{folder}/{name}";
        while (true)
        {
            var file = Open(folder, path);
            var errno = Lock(file);
            if (errno == Errno.None && IsAt(path, file))
                return new LockFile(path, file);
            file.Dispose();
            if (errno == Errno.EAGAIN)
                return null;
            // Without an error: who held it before has removed the file after it was opened here.
            if (errno is not (Errno.None or Errno.EINTR))
                throw new SystemCallException($"cannot lock {path}", errno);
        }
    }

    public void Dispose()
    {
        // While it is held: nobody else can hold this file by now, nor get it afterwards.
        _ = LibC.Unlink(_path);
        File.Dispose();
    }

    private static FileDescriptor Open(string folder, string path)
    {
        var file = SystemFile.OpenOrCreate(path, out var errno);
        if (errno == Errno.ENOENT)
        {
            file.Dispose();
            _ = LibC.MakeFolder(folder, OnlyOwner);
            file = SystemFile.OpenOrCreate(path, out errno);
        }
        if (errno == Errno.None)
            return file;
        file.Dispose();
        throw new SystemCallException($"cannot make {path}", errno);
    }

    private static Errno Lock(FileDescriptor file) =>
        LibC.Lock(file, Exclusive | DoNotWait) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    private static bool IsAt(string path, FileDescriptor file)
    {
        using var there = SystemFile.OpenToRead(path, out var errno);
        return errno == Errno.None && NamespaceFile.Identity(there) == NamespaceFile.Identity(file);
    }
}
