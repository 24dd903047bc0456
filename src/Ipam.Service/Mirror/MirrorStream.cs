using IpamSuite.Shared;

namespace Ipam.Service.Mirror;

/// <summary>Opens a mirror's file for writing: owner-only, unbuffered, so that what was written outlives the process.</summary>
internal static class MirrorStream
{
    private const int LongestFile = 1 << 30;

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
    public static FileStream? TryGoOn(string path, int length)
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

    /// <summary>All of the file at <paramref name="path"/>; nothing if there is none. Others may neither read nor write it afterwards. Throws as <see cref="UnixFile.Read"/>.</summary>
    public static byte[] Read(string path, ILogger log)
    {
        if (UnixFile.TryStat(path) is not { } status)
            return [];
        var bytes = UnixFile.Read(path, LongestFile, followLink: false, IsTrusted);
        if ((status.Mode & ~OwnerOnly) != 0)
        {
            File.SetUnixFileMode(path, OwnerOnly);
            Log.SpoolMended(log, $"{path} had mode {status.ModeText}, and has 0600 now: others may have read or changed it");
        }
        return bytes;
    }

    private static string? IsTrusted(UnixFileStatus status) =>
        status.Uid == UnixFile.ThisUser ? null : $"belongs to user {status.Uid}, wanted is {UnixFile.ThisUser}, who writes it";
}
