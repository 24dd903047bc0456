using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>open, read and write, without what System.IO adds around them (locks, seeks, buffers): the files here are in /proc.</summary>
internal static unsafe class SystemFile
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int FirstChunk = 4096;

    /// <summary>Opens for reading. Never waits, not even on a FIFO. An invalid descriptor comes with the reason.</summary>
    public static FileDescriptor OpenToRead(string path, out Errno errno) => Open(path, ReadOnly | NonBlocking, out errno);

    /// <summary>Opens an existing file for writing, without truncating it.</summary>
    public static FileDescriptor OpenToWrite(string path, out Errno errno) => Open(path, WriteOnly, out errno);

    /// <summary>The first bytes of the file, at most as many as fit; -1 with a reason when it can't be read.</summary>
    public static int Read(FileDescriptor file, Span<byte> buffer, out Errno errno)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var read = (int)LibC.Read(file, start, buffer.Length);
                errno = LastError(read);
                if (errno != Errno.EINTR)
                    return read;
            }
        }
    }

    /// <summary>All that there is until the file's end, or until it can't be read, with the reason.</summary>
    /// <param name="file">From where it stands.</param>
    /// <param name="errno">Why it ended early; none if it didn't.</param>
    /// <param name="look">Called with all that was read so far, each time that there is more.</param>
    public static byte[] ReadToEnd(FileDescriptor file, out Errno errno, Action<ReadOnlyMemory<byte>>? look = null)
    {
        var buffer = new byte[FirstChunk];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * length);
            var read = Read(file, buffer.AsSpan(length), out errno);
            if (read <= 0)
                return buffer.AsSpan(0, length).ToArray();
            length += read;
            look?.Invoke(buffer.AsMemory(0, length));
        }
    }

    /// <summary>Writes all of it, in as many calls as that takes.</summary>
    public static Errno Write(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var written = (int)LibC.Write(file, start + done, bytes.Length - done);
                var errno = LastError(written);
                if (errno is not (Errno.None or Errno.EINTR))
                    return errno;
                done += Math.Max(written, 0);
            }
        }
        return Errno.None;
    }

    private static FileDescriptor Open(string path, int flags, out Errno errno)
    {
        while (true)
        {
            var file = FileDescriptor.FromCall(LibC.Open(path, flags | CloseOnExec, 0), out errno);
            if (errno != Errno.EINTR)
                return file;
        }
    }

    private static Errno LastError(int result) => result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
}
