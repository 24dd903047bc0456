using System.Text.Json;
using IpamSuite.Shared;

namespace Cni.Protocol;

/// <summary>
/// A folder of requests to serve later, one file for each owner (network, container id, interface). Several processes may use a
/// folder at once: files appear whole, and none is taken away unread. Writers need no lock. Who serves an owner's ADD must serve its
/// waiting DEL first (<see cref="TryRead"/>), or the old release would free the new address.
/// Every member may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// <para>
/// Nobody else may put requests there, or exchange the folder: it is a real folder, no link, of root or of this process's user, and others may do nothing with
/// it. Whoever writes or reads sees to that, so that nobody promises what nobody carries out.
/// </para>
/// </summary>
/// <param name="folder">The folder; made with mode 0700 when it is first needed.</param>
public sealed class SpoolFolder(string folder)
{
    private const string TemporaryExtension = ".tmp";
    private const string TakenExtension = ".taken";
    private const string CorruptExtension = ".corrupt";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>More than the largest configuration has in base64, with its variables.</summary>
    private const int MostBytes = 16 << 20;

    private const uint Root = 0;

    /// <summary>Without a slash at its end, which would make a link what it leads to.</summary>
    private readonly string _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>
    /// Writes a request down; on return it survives a power failure. A later request of the same owner replaces an earlier one. Throws
    /// <see cref="IOException"/>, too, if the folder is somebody else's.
    /// </summary>
    public void Write(SpooledRequest request)
    {
        try
        {
            Secure();
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
#pragma warning disable CA1416 // CNI plugins run on Linux.
        Directory.CreateDirectory(_folder, OwnerOnly);
#pragma warning restore CA1416
        DurableFile.Write(PathOf(request), () => HiddenPath(TemporaryExtension), SpooledRequestFormat.Write(request));
    }

    /// <summary>
    /// Makes sure that nobody else can put requests there: takes away what others may do with the folder. Returns what had to be mended, in words; null if nothing had to be, or
    /// there is no folder. Throws <see cref="InvalidDataException"/> if the folder is somebody else's, or none: nothing in it must be carried out.
    /// </summary>
    public string? Secure()
    {
        if (UnixFile.TryStat(_folder) is not { } status)
            return null;
        if (FlawOf(status) is { } flaw)
            throw new InvalidDataException(flaw);
        if ((status.Mode & ~OwnerOnly) == 0)
            return null;
#pragma warning disable CA1416 // CNI plugins run on Linux.
        File.SetUnixFileMode(_folder, OwnerOnly);
#pragma warning restore CA1416
        return $"{_folder} had mode {status.ModeText}, so that others could look into it or write there; it has {UnixFileStatus.Octal(OwnerOnly)} now";
    }

    /// <summary>
    /// Paths of all requests, by name; empty when the folder doesn't exist. Unfinished and corrupt files aren't among them.
    /// </summary>
    public IReadOnlyList<string> List()
    {
        var paths = Files(SpooledRequestName.Extension, hidden: false);
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>
    /// Reads one request. Throws <see cref="FileNotFoundException"/> when someone else has taken it,
    /// <see cref="InvalidDataException"/> when it is corrupt; then <see cref="SetAside"/> keeps it from being met again.
    /// </summary>
    public static SpooledRequest Read(string path)
    {
        var request = Load(path);
        var name = SpooledRequestName.Of(request.Network, request.Environment.Attachment);
        return Path.GetFileName(path) == name ? request : throw Corrupt(path, $"its content belongs to {name}");
    }

    /// <summary>Whether an owner has a request waiting.</summary>
    public bool Contains(string network, CniAttachment attachment) => File.Exists(PathOf(network, attachment));

    /// <summary>An owner's waiting request, or null. Throws <see cref="InvalidDataException"/> when it is corrupt, or the folder is somebody else's.</summary>
    public SpooledRequest? TryRead(string network, CniAttachment attachment)
    {
        Secure();
        try
        {
            return Read(PathOf(network, attachment));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the folder still has this very request, and not a newer one of its owner, nor none.</summary>
    public bool Holds(SpooledRequest request)
    {
        try
        {
            return IsSame(PathOf(request), request);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Takes a served request away, unless its owner has written another one meanwhile: that one stays. False when nothing was taken.
    /// </summary>
    /// <param name="served">What <see cref="Read"/> or <see cref="TryRead"/> gave.</param>
    public bool Delete(SpooledRequest served)
    {
        // Out of everybody's sight first: between a look and a deletion, a writer could put a newer request there.
        var taken = HiddenPath(TakenExtension);
        try
        {
            File.Move(PathOf(served), taken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        if (IsSame(taken, served))
        {
            File.Delete(taken);
            return true;
        }
        PutBack(taken, PathOf(served));
        return false;
    }

    /// <summary>Renames a corrupt file to <c>….corrupt</c>, where nothing but a person looks. Returns the new path.</summary>
    public static string SetAside(string path)
    {
        var aside = path + CorruptExtension;
        File.Move(path, aside, overwrite: true);
        return aside;
    }

    /// <summary>
    /// Mends what processes left that died halfway: unfinished files go, requests that were being taken away come back (serving
    /// one twice does no harm, if ADDs wait as described above). To be called before the first <see cref="List"/>.
    /// </summary>
    public void CleanUp()
    {
        // Who lists them is told.
        if (UnixFile.TryStat(_folder) is not { } status || FlawOf(status) is not null)
            return;
        foreach (var path in Files(TemporaryExtension, hidden: true))
        {
            if (!DurableFile.HasWriter(path))
                File.Delete(path);
        }
        foreach (var path in Files(TakenExtension, hidden: true))
            Restore(path);
    }

    private static SpooledRequest Load(string path)
    {
        try
        {
            return SpooledRequestFormat.Read(UnixFile.Read(path, MostBytes, followLink: false, CheckWriter));
        }
        catch (InvalidDataException e)
        {
            throw Corrupt(path, e.Message, e);
        }
        catch (JsonException e)
        {
            throw Corrupt(path, StrictJson.Explain(e), e);
        }
        catch (Exception e) when (e is FormatException or CniException)
        {
            throw Corrupt(path, e.Message, e);
        }
    }

    /// <summary>Why a folder can't be used; null if it can.</summary>
    private string? FlawOf(UnixFileStatus status)
    {
        if (status.Kind != UnixFileKind.Folder)
            return $"the folder {_folder} is {status.KindText}, wanted is a folder; move it away, or name another spool folder";
        return IsOurs(status)
            ? null
            : $"the folder {_folder} belongs to uid {status.Uid}, wanted is {UnixFile.ThisUser}; nothing in it is carried out: look at what is there, then 'chown' it";
    }

    private static bool IsOurs(UnixFileStatus status) => status.Uid == UnixFile.ThisUser || status.Uid == Root;

    /// <summary>A request that somebody else wrote, or could have changed, releases nothing.</summary>
    private static string? CheckWriter(UnixFileStatus file)
    {
        if (!IsOurs(file))
            return $"belongs to uid {file.Uid}, wanted is {UnixFile.ThisUser}";
        return (file.Mode & WritableByOthers) == 0 ? null : $"has mode {file.ModeText}, so that others could have written it";
    }

    private static InvalidDataException Corrupt(string path, string reason, Exception? cause = null) =>
        new($"{path} is not a spooled request ({reason}); set it aside, and release its owner by hand", cause);

    private static bool IsSame(string path, SpooledRequest request)
    {
        try
        {
            return Load(path).IsSameAs(request);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void Restore(string taken)
    {
        try
        {
            PutBack(taken, PathOf(Load(taken)));
        }
        catch (InvalidDataException)
        {
            SetAside(taken);
        }
        catch (FileNotFoundException)
        {
            // Its taker is alive, and has finished with it.
        }
    }

    private static void PutBack(string taken, string path)
    {
        try
        {
            File.Move(taken, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // A newer request of the same owner covers it.
            File.Delete(taken);
        }
    }

    private List<string> Files(string extension, bool hidden)
    {
        var paths = new List<string>();
        if (!Directory.Exists(_folder))
            return paths;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path.AsSpan());
            if (name.EndsWith(extension, StringComparison.Ordinal) && name.StartsWith('.') == hidden)
                paths.Add(path);
        }
        return paths;
    }

    private string PathOf(SpooledRequest request) => PathOf(request.Network, request.Environment.Attachment);

    private string PathOf(string network, CniAttachment attachment) => Path.Combine(_folder, SpooledRequestName.Of(network, attachment));

    private string HiddenPath(string extension) => Path.Combine(_folder, $".{Guid.NewGuid():N}{extension}");
}
