using System.Net.Sockets;
using IpamSuite.Shared;

namespace Ipam.Service.Http;

/// <summary>
/// Makes sure that one service at a time serves a socket path: holds a lock file beside it, takes over a socket that a dead service left,
/// and refuses one that is served. One that systemd keeps is left in its place.
/// </summary>
internal sealed class SocketGuard : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly string _path;
    private readonly bool _isKept;
    private readonly FileStream _lock;

    private SocketGuard(string path, bool isKept, FileStream held) => (_path, _isKept, _lock) = (path, isKept, held);

    /// <summary>What had to be mended about the folder, in words; null if nothing had to be.</summary>
    public string? Mended { get; private init; }

    /// <summary>Clears the way for a listener at <paramref name="path"/>. Throws <see cref="IOException"/> if somebody serves it, or could serve it in our place.</summary>
    /// <param name="path">Where to listen.</param>
    /// <param name="isKept">Whether the listener is there already and stays, as systemd keeps it.</param>
    public static SocketGuard Acquire(string path, bool isKept)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var mended = Secure(folder);
        var held = Lock($"{path}.lock", path);
        try
        {
            if (!isKept && UnixFile.TryStat(path) is { } status)
                RemoveStale(path, status);
            return new SocketGuard(path, isKept, held) { Mended = mended };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Lets only the owner connect. To be called once the listener is there.</summary>
    public void Restrict() => File.SetUnixFileMode(_path, OwnerOnly);

    /// <summary>Removes the socket unless it is kept, then lets others have it.</summary>
    public void Dispose()
    {
        if (!_isKept)
            File.Delete(_path);
        _lock.Dispose();
    }

    /// <summary>Who may write to the folder may put a socket of his own in place of ours. With the sticky bit (/tmp) he may not.</summary>
    private static string? Secure(string folder)
    {
        var target = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        if (UnixFile.TryStat(target) is not { } status)
            return null;
        if (status.Uid != UnixFile.ThisUser && status.Uid != 0)
            throw new IOException($"the socket's folder {folder} belongs to uid {status.Uid}, wanted is {UnixFile.ThisUser}; 'chown' it, or give ipamd another --socket");
        if ((status.Mode & WritableByOthers) == 0 || (status.Mode & UnixFileMode.StickyBit) != 0)
            return null;
        File.SetUnixFileMode(target, status.Mode & ~WritableByOthers);
        return $"{folder} was writable by others, who could have put a socket of their own there; it isn't any more";
    }

    /// <summary>Takes the lock. The kernel lets go of it when the process ends, however it ends.</summary>
    private static FileStream Lock(string path, string socket)
    {
        if (UnixFile.TryStat(path) is { Kind: not UnixFileKind.Regular } status)
            throw new IOException($"{path} is {status.KindText}, wanted is the lock file of {socket}; move it away");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly };
        try
        {
            var held = new FileStream(path, options);
            File.SetUnixFileMode(held.SafeFileHandle, OwnerOnly);
            return held;
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException($"another ipamd serves {socket}; stop it, or give this one another --socket", e);
        }
    }

    private static void RemoveStale(string path, UnixFileStatus status)
    {
        if (status.Kind != UnixFileKind.Socket)
            throw new IOException($"{path} is there and is not a socket; move it away, or give ipamd another --socket");
        if (IsServed(path))
            throw new IOException($"another program serves {path}; stop it, or give ipamd another --socket");
        File.Delete(path);
    }

    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            // A listener whose queue is full doesn't refuse, nor does one of another kind of socket.
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
