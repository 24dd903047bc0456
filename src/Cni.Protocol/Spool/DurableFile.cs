namespace Cni.Protocol;

/// <summary>Writing a small file so that a reader sees all of it or none, also after a power failure.</summary>
internal static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a temporary file in the same folder, syncs it, renames it over <paramref name="path"/>, and syncs again.</summary>
    /// <remarks>
    /// Managed code can't open a folder, so it can't sync one. The second sync stands in for that: a rename changes the file's
    /// ctime in the same journal transaction as the folder (ext4, xfs), or is logged with the file (btrfs), so syncing the file
    /// brings the new name with it.
    /// </remarks>
    public static void Write(string path, string temporaryPath, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var file = new FileStream(temporaryPath, Options());
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            File.Move(temporaryPath, path, overwrite: true);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporaryPath);
            throw;
        }
    }

    /// <summary>Whether the process that writes an unfinished file still lives: the kernel then keeps its lock (flock(2)). No clock says it.</summary>
    public static bool HasWriter(string temporaryPath)
    {
        try
        {
            new FileStream(temporaryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
#pragma warning disable CA1416 // CNI plugins run on Linux.
        options.UnixCreateMode = OwnerOnly;
#pragma warning restore CA1416
        return options;
    }
}
