using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>The database's file on disk.</summary>
internal sealed class DatabaseFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The absolute path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>
    /// Makes the folder (mode 0700) and an empty file (0600, which SQLite copies to the files it puts beside it) where they are missing.
    /// </summary>
    /// <exception cref="StoreException">They can't be made.</exception>
    public void CreateIfMissing()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, OwnerOnly | UnixFileMode.UserExecute);
            // A file that is there must not be opened but by SQLite: closing it would drop the locks this process holds on it.
            if (!File.Exists(Path))
                Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"SQLite store {Path}: the file can't be created: {e.Message} "
                + "Wanted is a path in a folder that this user may write to, on a disk that isn't mounted read-only.", e);
        }
    }

    /// <summary>
    /// Takes from the file, and from those that SQLite puts beside it, what others may do with them: who may write them may hand out any address.
    /// Returns a sentence for each of which that was much.
    /// </summary>
    /// <exception cref="StoreException">The file is a link, so that it can't be said whose it is; or its mode can't be changed.</exception>
    public IReadOnlyList<string> Restrict()
    {
        if (new FileInfo(Path).LinkTarget is { } target)
            throw SqliteErrors.Refuse(Path, $"a link to {target} is in the place of the file; name the file itself, or move it here");
        var mended = new List<string>();
        RestrictFolder(mended);
        foreach (var path in (string[])[Path, Path + "-wal", Path + "-shm"])
        {
            try
            {
                var mode = File.GetUnixFileMode(path);
                if ((mode & ~OwnerOnly) == 0)
                    continue;
                File.SetUnixFileMode(path, OwnerOnly);
                mended.Add($"the file {path} had mode {UnixFileStatus.Octal(mode)}, and has 0600 now: others may have read or changed it");
            }
            catch (FileNotFoundException)
            {
                // SQLite puts it there when it is needed, with the mode of the file.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"SQLite store {Path}: the mode of {path} can't be changed to 0600: {e.Message} Wanted is a file of this user.", e);
            }
        }
        return mended;
    }

    /// <summary>Who may write to the folder may put a file of his own in place of the database. With the sticky bit (/tmp) he may not.</summary>
    private void RestrictFolder(List<string> mended)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        try
        {
            var mode = File.GetUnixFileMode(folder);
            if ((mode & WritableByOthers) == 0 || (mode & UnixFileMode.StickyBit) != 0)
                return;
            File.SetUnixFileMode(folder, mode & ~WritableByOthers);
            mended.Add($"the folder {folder} had mode {UnixFileStatus.Octal(mode)}, and has {UnixFileStatus.Octal(mode & ~WritableByOthers)} now: others may have replaced the file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"SQLite store {Path}: the folder {folder} can be written by others, and its mode can't be changed: {e.Message} Wanted is a folder of this user.", e);
        }
    }

    /// <summary>Checks that the file is there, for a program that works only with a file that is.</summary>
    /// <exception cref="StoreException">It isn't, or this user may not look into its folder.</exception>
    public void EnsureThere()
    {
        if (!File.Exists(Path))
        {
            throw new StoreException(
                $"SQLite store {Path}: there is no such file, or this user may not look into its folder. "
                + "Wanted is the file that ipamd made at its first start; check the path, and who you are.");
        }
    }

    /// <summary>Checks that nobody took the file away while it was in use: SQLite would go on writing to a file without a name.</summary>
    /// <exception cref="StoreException">It is gone.</exception>
    public void EnsureStillThere()
    {
        if (!File.Exists(Path))
        {
            throw new StoreException(
                $"SQLite store {Path}: the file was removed while in use, so nothing more can be recorded in it. "
                + "Put it back together with its -wal file if you still have both, then restart this program.");
        }
    }

    private void Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        try
        {
            File.Open(Path, options).Dispose();
        }
        catch (IOException) when (File.Exists(Path))
        {
            // Another process was faster; its file is as good.
        }
    }
}
