using System.Collections.Concurrent;
using System.Globalization;
using Cni.Protocol;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using IpamSuite.Shared;

namespace Ipam.Service.Namespaces;

/// <summary>
/// The network namespaces of this machine, as ipamd sees them from where it runs: that may be a container that sees other folders. Safe for use by several
/// threads at once.
/// </summary>
/// <param name="boot">The machine's boot, as <see cref="MonotonicMoment.ThisBoot"/> says it.</param>
internal sealed class MachineNamespaces(string boot)
{
    private const int BootDigits = 8;
    private const string Processes = "/proc";

    /// <summary>Runtimes have one or two.</summary>
    private const int MostFolders = 64;

    private readonly ConcurrentDictionary<uint, bool> _seenIn = new();
    private readonly string _boot = boot;
    private readonly uint? _shortBoot = ShortBoot(boot);

    /// <summary>
    /// What a lease is to remember of the namespace at a path, of which the plugin says which one it is; unknown if it says nothing, or lives in another boot
    /// than ipamd: in some containers the kernel's word for the boot is another one, and is the machine's to nobody.
    /// </summary>
    public NamespaceIdentity Identify(string path, NamespaceMark told) => told.Inode == 0 || told.Boot != _boot || _shortBoot is not { } number
        ? default
        : new NamespaceIdentity(number, told.Inode, FolderOfSeen(path, told.Inode));

    /// <summary>A folder in which a namespace was seen: what is missing from it is gone.</summary>
    private void Note(uint folder)
    {
        if (folder != 0 && _seenIn.Count < MostFolders)
            _seenIn.TryAdd(folder, true);
    }

    /// <summary>
    /// What the machine says of a lease that it handed out. The same namespace at the path is alive. Another one there, or a path that is missing from the very
    /// folder in which it was seen, is gone. So is whatever was there before the machine booted. All else can't be said: of a file that is no namespace, too,
    /// as that is what is seen of one from a container to which mounts don't come through.
    /// </summary>
    public Evidence Look(Lease lease)
    {
        var identity = lease.NamespaceIdentity;
        if (!identity.IsKnown || _shortBoot is not { } number)
            return Evidence.Unknown;
        if (identity.Boot != number)
            return Evidence.Decisive("reboot", "the machine has booted since");
        if (!identity.WasSeen)
            return Evidence.Unknown;
        try
        {
            var inode = NamespaceMark.Look(lease.NetworkNamespace);
            if (inode == identity.Inode)
            {
                Note(identity.Folder);
                return Evidence.Alive($"{lease.NetworkNamespace} is net:[{inode}]");
            }
            if (inode == 0 || FolderOf(lease.NetworkNamespace) != identity.Folder)
                return Evidence.Unknown;
            return Evidence.Gone("namespace", inode is null ? $"{lease.NetworkNamespace} is missing" : $"{lease.NetworkNamespace} is net:[{inode}] and not net:[{identity.Inode}]");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Evidence.Unknown;
        }
    }

    /// <summary>
    /// The folder of a path, if ipamd sees the namespace there, or would if it were still there: an ADD may be killed, and its sandbox be gone before ipamd looks. A path
    /// that is missing from a folder in which namespaces were seen counts as seen, and so does a file from which the namespace was just taken: while that is there,
    /// nothing is gone. Otherwise 0.
    /// </summary>
    private uint FolderOfSeen(string path, uint inode)
    {
        try
        {
            var found = NamespaceMark.Look(path);
            var folder = FolderOf(path) ?? 0;
            if (found == inode)
                Note(folder);
            return found == inode || (found is null or 0 && _seenIn.ContainsKey(folder)) ? folder : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Tells the folder of a path from all others of this boot: a folder with the same number is the same one, from wherever it is seen. Of a process's own
    /// file it is the folder of all processes. Null if the path is of another kind, or can't be looked at.
    /// </summary>
    private static uint? FolderOf(string path)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            return null;
        var folder = path.StartsWith(Processes + "/", StringComparison.Ordinal) ? IsOfProcess(path) ? Processes : null : Path.GetDirectoryName(path);
        try
        {
            return folder is not null && UnixFile.TryStat(folder, followLink: true) is { Kind: UnixFileKind.Folder } status ? status.FolderNumber : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether it is <c>/proc/PID/ns/net</c>, or that of a thread. Behind other paths under /proc are whole file systems.</summary>
    public static bool IsOfProcess(string path) => path.Split('/') switch
    {
        ["", "proc", var process, "ns", "net"] => IsNumber(process),
        ["", "proc", var process, "task", var thread, "ns", "net"] => IsNumber(process) && IsNumber(thread),
        _ => false,
    };

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static uint? ShortBoot(string boot) =>
        boot.Length >= BootDigits && uint.TryParse(boot.AsSpan(0, BootDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
