using Microsoft.Win32.SafeHandles;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// A file that is kept open, to notice that its path no longer leads to it: the kernel shows of each open file where it lies now, and whether it
/// was deleted (proc(5), /proc/PID/fd). Where there is no /proc, nothing is noticed.
/// </summary>
internal sealed class HeldFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly FileInfo _link;
    private readonly string? _place;

    /// <summary>Opens the file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if that can't be.</summary>
    public HeldFile(string path)
    {
        // Without a lock of its own: SQLite's are enough.
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _link = new FileInfo($"/proc/self/fd/{_handle.DangerousGetHandle()}");
        _place = Place();
    }

    /// <summary>Whether the file still lies where it was opened.</summary>
    public bool IsInPlace => Place() == _place;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private string? Place()
    {
        _link.Refresh();
        return _link.LinkTarget;
    }
}
