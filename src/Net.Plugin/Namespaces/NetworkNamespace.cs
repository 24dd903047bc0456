using Net.Plugin.Interop;
using Net.Plugin.Threads;

namespace Net.Plugin.Namespaces;

/// <summary>
/// An open network namespace. It stays alive while this object does, whatever happens to the path it came from.
/// Threads enter it only inside <see cref="Run{T}"/> and <see cref="Start"/>.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const string OwnPath = "/proc/thread-self/ns/net";

    // statfs(2): namespaces are files of nsfs; before Linux 3.19 they were files of procfs.
    private const long NsfsMagic = 0x6e736673;
    private const long ProcfsMagic = 0x9fa0;

    private readonly (ulong Device, ulong Inode) _identity;

    private NetworkNamespace(string path, FileDescriptor file)
    {
        Path = path;
        File = file;
        _identity = NamespaceFile.Identity(file);
    }

    public string Path { get; }

    /// <summary>For requests that carry a namespace. Owned by this object.</summary>
    public FileDescriptor File { get; }

    /// <summary>Opens the namespace at the path.</summary>
    /// <exception cref="NamespaceException">There is nothing there, or something else.</exception>
    public static NetworkNamespace Open(string path) =>
        TryOpen(path) ?? throw new NamespaceException(path, "no such file or directory; it must name a network namespace that exists");

    /// <summary>The same; null if there is nothing at the path.</summary>
    /// <exception cref="NamespaceException">There is something else, or it may not be opened.</exception>
    public static NetworkNamespace? TryOpen(string path)
    {
        var file = SystemFile.OpenToRead(path, out var errno);
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ESRCH)
            return null;
        if (errno != Errno.None)
            throw new NamespaceException(path, errno.Describe());
        var magic = NamespaceFile.FileSystemMagic(file);
        if (magic is NsfsMagic or ProcfsMagic)
            return new NetworkNamespace(path, file);
        file.Dispose();
        throw new NamespaceException(path, $"unknown FS magic 0x{magic:x} on it; a network namespace is a file of nsfs, such as /proc/PID/ns/net");
    }

    /// <summary>The namespace of the calling thread.</summary>
    public static NetworkNamespace OpenOwn() => Open(OwnPath);

    /// <summary>Whether the path is the calling thread's namespace; false for a path that is no network namespace.</summary>
    public static bool IsOwn(string path)
    {
        try
        {
            using var named = TryOpen(path);
            using var own = OpenOwn();
            return named is not null && named.IsSameAs(own);
        }
        catch (NamespaceException)
        {
            // Whoever needs it will say what is wrong with it.
            return false;
        }
    }

    /// <summary>Whether both are the same namespace, by whatever paths they were opened.</summary>
    public bool IsSameAs(NetworkNamespace other) => _identity == other._identity;

    /// <summary>
    /// Runs the work inside the namespace and returns when it is done: on a thread of its own, which ends with it, because a thread that
    /// has changed its namespace is fit for nothing else. What the work opens stays in the namespace. What it throws, this throws.
    /// </summary>
    /// <exception cref="NamespaceException">The file is a namespace of another sort, or the plugin may not enter it.</exception>
    public T Run<T>(Func<T> work)
    {
        T result = default!;
        OwnThread.Start(() =>
        {
            Enter();
            result = work();
        }).Join();
        return result;
    }

    /// <summary>Opens the namespace at the path and runs work inside it, both on one thread, whose end is waited for later.</summary>
    /// <exception cref="NamespaceException">When it is waited for: as <see cref="Open"/> and <see cref="Run{T}"/>.</exception>
    public static OwnThread Start(string path, Action<NetworkNamespace> work) => OwnThread.Start(() =>
    {
        var opened = Open(path);
        opened.Enter();
        work(opened);
    });

    public void Dispose() => File.Dispose();

    private void Enter()
    {
        var errno = NamespaceFile.EnterWithThisThread(File);
        if (errno == Errno.EINVAL)
            throw new NamespaceException(Path, "it is no network namespace");
        if (errno != Errno.None)
            throw new NamespaceException(Path, $"cannot enter it: {errno.Describe()}");
    }
}
