namespace Cni.Protocol;

/// <summary>Writing a small file so that a reader sees all of it or none, also after a power failure.</summary>
internal static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>More than there are programs that start at the same moment and clean up.</summary>
    private const int MostTries = 10;

    /// <summary>EWOULDBLOCK of flock(2): somebody else has the lock.</summary>
    private const int IsLocked = 11;

    /// <summary>Writes a temporary file in the same folder, syncs it, renames it over <paramref name="path"/>, and syncs again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="nameTemporary">Gives the temporary file a name that nothing has.</param>
    /// <param name="bytes">Its content.</param>
    /// <remarks>
    /// A file is made first and locked then. In between it looks as if its writer had died, and who cleans up may take it away: then it is written anew.
    ///
    /// Managed code can't open a folder, so it can't sync one. The second sync stands in for that: a rename changes the file's
    /// ctime in the same journal transaction as the folder (ext4, xfs), or is logged with the file (btrfs), so syncing the file
    /// brings the new name with it.
    /// </remarks>
    public static void Write(string path, Func<string> nameTemporary, ReadOnlySpan<byte> bytes)
    {
        for (var tries = 1; !TryWrite(path, nameTemporary(), bytes, isLast: tries == MostTries); tries++)
        {
        }
    }

    /// <summary>False if the temporary file was taken for one that a dead writer left, unless it is the last try.</summary>
    private static bool TryWrite(string path, string temporaryPath, ReadOnlySpan<byte> bytes, bool isLast)
    {
        try
        {
            using var file = new FileStream(temporaryPath, Options());
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            File.Move(temporaryPath, path, overwrite: true);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException e) when (!isLast && (e is FileNotFoundException || e.HResult == IsLocked))
        {
            File.Delete(temporaryPath);
            return false;
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
