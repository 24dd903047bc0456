using Ipam.Core.Stores;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>The database's file on disk.</summary>
internal sealed class DatabaseFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
