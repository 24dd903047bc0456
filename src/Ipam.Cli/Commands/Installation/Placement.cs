using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Installation;

/// <summary>
/// A file's place in a folder that others read at any time. The file gets there whole, with its mode and on the disk, or not at all: it is written beside its place
/// under a name of its own, and renamed. What was there before is there until then.
/// </summary>
internal sealed class Placement
{
    /// <summary>Many times what the largest plugin has.</summary>
    private const int MostBytes = 256 << 20;

    /// <summary>Between the name of the place and a random one. Runtimes read no files with such names.</summary>
    private const string Unfinished = ".new.";

    /// <summary>Many times what it takes to write a file and to try it.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly UnixFileMode _mode;

    /// <param name="folder">The folder; made if it is missing.</param>
    /// <param name="name">The file's name in it.</param>
    /// <param name="mode">The mode that it is to have.</param>
    public Placement(string folder, string name, UnixFileMode mode)
    {
        (_folder, _mode) = (folder, mode);
        Name = name;
        Path = System.IO.Path.Combine(folder, name);
    }

    /// <summary>The file's name in its folder.</summary>
    public string Name { get; }

    /// <summary>Where it is to be.</summary>
    public string Path { get; }

    /// <summary>What is there; null if nothing is. Like all others it may throw <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="InvalidDataException"/>.</summary>
    public byte[]? Read()
    {
        try
        {
            return UnixFile.Read(Path, MostBytes, followLink: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether just this is there, with its mode.</summary>
    public bool Has(ReadOnlySpan<byte> content) => Read() is { } there && content.SequenceEqual(there) && File.GetUnixFileMode(Path) == _mode;

    /// <summary>Puts it there.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="tryOut">Tries the file before it gets its place; throws if it is not to get it.</param>
    public void Put(ReadOnlySpan<byte> content, Action<string> tryOut)
    {
        Directory.CreateDirectory(_folder);
        var unfinished = $"{Path}{Unfinished}{Guid.NewGuid():n}";
        try
        {
            Write(unfinished, content);
            tryOut(unfinished);
            File.Move(unfinished, Path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
        UnixFile.SyncFolder(_folder);
    }

    /// <summary>Takes it away, if it is there.</summary>
    public void Remove()
    {
        if (!File.Exists(Path))
            return;
        File.Delete(Path);
        UnixFile.SyncFolder(_folder);
    }

    /// <summary>Takes away what killed installers left half-written.</summary>
    /// <param name="now">The time by the clock that the file system has.</param>
    public void CleanUp(DateTimeOffset now)
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var file in Directory.EnumerateFiles(_folder, $"{Name}{Unfinished}*"))
        {
            if (now - File.GetLastWriteTimeUtc(file) > Abandoned)
                File.Delete(file);
        }
    }

    private void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(content);
        // Whatever the umask is.
        File.SetUnixFileMode(file.SafeFileHandle, _mode);
        file.Flush(flushToDisk: true);
    }
}
