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
    private const int LargestContent = 8 << 20;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int OnlyOwner = 0x180; // 0600

    /// <summary>Opens for reading. Never waits, not even on a FIFO. An invalid descriptor comes with the reason.</summary>
    public static FileDescriptor OpenToRead(string path, out Errno errno) => Open(path, ReadOnly | NonBlocking, out errno);

    /// <summary>Opens a file for reading and writing; one that only its owner may open is made where there is none.</summary>
    public static FileDescriptor OpenOrCreate(string path, out Errno errno) => Open(path, ReadWrite | Create, out errno);

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
    /// <param name="errno">Why it ended early; none if it didn't. EFBIG where there is more than was wanted.</param>
    /// <param name="largest">How much is wanted at most, in bytes.</param>
    public static byte[] ReadToEnd(FileDescriptor file, out Errno errno, int largest = LargestContent) =>
        ReadToEnd(file, deadline: null, largest, look: null, out errno);

    /// <summary>The same for a pipe, whose other end may be slow. ETIMEDOUT when the time is up.</summary>
    /// <param name="file">The pipe.</param>
    /// <param name="deadline">Until when it is read; null where it is a file, which never keeps anybody waiting.</param>
    /// <param name="largest">How much is wanted at most, in bytes.</param>
    /// <param name="look">Called with all that was read so far, each time that there is more.</param>
    /// <param name="errno">Why it ended early; none if it didn't.</param>
    public static byte[] ReadToEnd(FileDescriptor file, Deadline? deadline, int largest, Action<ReadOnlyMemory<byte>>? look, out Errno errno)
    {
        var buffer = new byte[FirstChunk];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * length);
            if (deadline is { } end && !PollCall.WaitUntilReadable(file, end))
            {
                errno = Errno.ETIMEDOUT;
                return buffer.AsSpan(0, length).ToArray();
            }
            var read = Read(file, buffer.AsSpan(length), out errno);
            if (read <= 0)
                return buffer.AsSpan(0, length).ToArray();
            length += read;
            if (length > largest)
            {
                errno = Errno.EFBIG;
                return buffer.AsSpan(0, largest).ToArray();
            }
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
            var file = FileDescriptor.FromCall(LibC.Open(path, flags | CloseOnExec, OnlyOwner), out errno);
            if (errno != Errno.EINTR)
                return file;
        }
    }

    private static Errno LastError(int result) => result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
}
