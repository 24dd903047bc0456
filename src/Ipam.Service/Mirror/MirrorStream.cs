using IpamSuite.Shared;

namespace Ipam.Service.Mirror;

/// <summary>A mirror's file: owner-only, and written unbuffered, so that what was written outlives the process.</summary>
internal static class MirrorStream
{
    private const long LongestFile = 8L << 30;
    private const int LongestLine = 1 << 20;
    private const int FirstBuffer = 1 << 16;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new file in the place of whatever lies there, which is not followed or kept.</summary>
    public static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        File.Delete(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
    }

    /// <summary>The file that is there, cut off at a length, to be gone on with; null if it can't be opened.</summary>
    public static FileStream? TryGoOn(string path, long length)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 });
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the file at <paramref name="path"/> line by line, as it may be large; nothing if there is none. Others may neither read nor write it afterwards. Throws as
    /// <see cref="UnixFile.Read"/>, and what <paramref name="take"/> throws.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets each line that is whole; valid until it returns.</param>
    /// <param name="log">Where it is told that others could read or write it.</param>
    /// <returns>How many bytes it has.</returns>
    public static long ReadLines(string path, Action<ReadOnlyMemory<byte>> take, ILogger log)
    {
        if (UnixFile.TryStat(path) is not { } status)
            return 0;
        using var file = UnixFile.OpenRegular(path, followLink: false, IsTrusted);
        if ((status.Mode & ~OwnerOnly) != 0)
        {
            File.SetUnixFileMode(path, OwnerOnly);
            Log.SpoolMended(log, $"{path} had mode {status.ModeText}, and has 0600 now: others may have read or changed it");
        }
        var buffer = new byte[FirstBuffer];
        var (start, filled) = (0L, 0);
        while (RandomAccess.Read(file, buffer.AsSpan(filled), start + filled) is > 0 and var count)
        {
            filled += count;
            var taken = TakeLines(buffer.AsMemory(0, filled), take);
            start += taken;
            filled -= taken;
            buffer.AsSpan(taken, filled).CopyTo(buffer);
            if (start > LongestFile || filled > LongestLine)
                throw new InvalidDataException($"{path} is larger than {LongestFile} bytes, or has a line of more than {LongestLine}, which is more than such a file may have");
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * filled);
        }
        return start + filled;
    }

    private static int TakeLines(ReadOnlyMemory<byte> text, Action<ReadOnlyMemory<byte>> take)
    {
        var start = 0;
        for (int length; (length = text.Span[start..].IndexOf((byte)'\n')) >= 0; start += length + 1)
            take(text.Slice(start, length));
        return start;
    }

    private static string? IsTrusted(UnixFileStatus status) =>
        status.Uid == UnixFile.ThisUser ? null : $"belongs to user {status.Uid}, wanted is {UnixFile.ThisUser}, who writes it";
}
