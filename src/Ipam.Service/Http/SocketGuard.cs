using System.Net.Sockets;

namespace Ipam.Service.Http;

/// <summary>
/// Makes sure that one service at a time serves a socket path: holds a lock file beside it, takes over a socket that a dead service left,
/// and refuses one that is served.
/// </summary>
internal sealed class SocketGuard : IDisposable
{
    /// <summary>ENXIO, with which open(2) refuses a socket.</summary>
    private const int NoSuchDeviceOrAddress = 6;

    private readonly string _path;
    private readonly FileStream _lock;

    private SocketGuard(string path, FileStream held)
    {
        _path = path;
        _lock = held;
    }

    /// <summary>Clears the way for a listener at <paramref name="path"/>. Throws <see cref="IOException"/> if somebody serves it.</summary>
    public static SocketGuard Acquire(string path)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, ownerOnly);
        var held = Lock(path);
        try
        {
            if (Path.Exists(path))
                RemoveStale(path);
            return new SocketGuard(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Lets only the owner connect. To be called once the listener is there.</summary>
    public void Restrict() => File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>Removes the socket, then lets others have it.</summary>
    public void Dispose()
    {
        File.Delete(_path);
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            // The kernel lets go of it when the process ends, however it ends.
            return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists($"{path}.lock"))
        {
            throw new IOException($"another ipamd serves {path}; stop it, or give this one another --socket", e);
        }
    }

    private static void RemoveStale(string path)
    {
        if (!IsSocket(path))
            throw new IOException($"{path} is there and is not a socket; move it away, or give ipamd another --socket");
        if (IsServed(path))
            throw new IOException($"another program serves {path}; stop it, or give ipamd another --socket");
        File.Delete(path);
    }

    /// <summary>A socket can't be opened (open(2), ENXIO); connecting to a file is refused just as to a dead service's socket.</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose();
            return false;
        }
        catch (IOException e)
        {
            return e.HResult == NoSuchDeviceOrAddress;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
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
