using System.Globalization;
using Cni.Protocol;

namespace Ipam.Service.Namespaces;

/// <summary>
/// The network namespaces in which processes are, as far as ipamd may see them. A namespace whose file was taken away lives on while a process is in it.
/// </summary>
/// <param name="Inodes">Their inodes.</param>
/// <param name="IsWhole">Whether those of all processes could be seen.</param>
internal sealed record NamespacesInUse(IReadOnlySet<uint> Inodes, bool IsWhole)
{
    private const string Processes = "/proc";

    /// <summary>Only a number and a name of at most 64 characters stand before the state.</summary>
    private const int StateIsWithin = 128;

    /// <summary>Looks at all processes. Takes about 2 ms for 1,000 of them.</summary>
    public static NamespacesInUse Read()
    {
        var inodes = new HashSet<uint>();
        var isWhole = true;
        foreach (var folder in Directory.EnumerateDirectories(Processes))
        {
            if (!char.IsAsciiDigit(folder[Processes.Length + 1]))
                continue;
            if (InodeOf($"{folder}/ns/net") is { } inode)
                inodes.Add(inode);
            else
                isWhole &= HasEnded(folder);
        }
        return new NamespacesInUse(inodes, isWhole);
    }

    /// <summary>Whether the process is gone, or is a zombie, which is in no namespace (proc_pid_stat(5)).</summary>
    private static bool HasEnded(string folder)
    {
        try
        {
            var stat = KernelFile.ReadStart($"{folder}/stat", stackalloc byte[StateIsWithin]);
            return stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ') is [(byte)'Z' or (byte)'X', ..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(folder);
        }
    }

    /// <summary>The number in a link such as <c>net:[4026532281]</c>.</summary>
    private static uint? InodeOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget is { } target && target.StartsWith("net:[", StringComparison.Ordinal)
                && uint.TryParse(target.AsSpan(5).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
                    ? inode
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
