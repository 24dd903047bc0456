using System.Globalization;
using IpamSuite.Shared;

namespace Cni.Protocol;

/// <summary>
/// Which network namespace a path led to: the boot of the machine, and the namespace's inode. Of all that lived in one boot only those that lived at the same
/// time are told apart, because the kernel gives the number of a namespace that is gone to the next one.
/// </summary>
/// <param name="Boot">The boot, as <see cref="MonotonicMoment.ThisBoot"/> says it; empty for a mark that says nothing.</param>
/// <param name="Inode">The inode; 0 for a mark that says nothing.</param>
public readonly record struct NamespaceMark(string Boot, uint Inode)
{
    /// <summary>Says nothing.</summary>
    public static NamespaceMark None { get; } = new("", 0);

    /// <summary>
    /// Of the namespace at a path; <see cref="None"/> for a path that can't be opened. It says nothing of use for another file than a namespace.
    /// </summary>
    public static NamespaceMark Of(string path) =>
        NetworkNamespace.Inode(path) is > 0 and <= uint.MaxValue and var inode && MonotonicMoment.ThisBoot() is { Length: > 0 } boot ? new(boot, (uint)inode) : None;

    /// <summary>
    /// The inode of the network namespace at a path, in the kernel's own file system of namespaces; 0 for anything else that is there; null if nothing is there.
    /// Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if that can't be said.
    /// </summary>
    public static uint? Look(string path)
    {
        if (UnixFile.TryStat(path, followLink: true) is not { } status)
            return null;
        return status.Device == KernelNamespaces.Device && status.Inode <= uint.MaxValue ? (uint)status.Inode : 0;
    }

    /// <summary><c>BOOT@INODE</c>; empty for <see cref="None"/>.</summary>
    public override string ToString() => Inode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Boot}@{Inode}");

    /// <summary>Reads <see cref="ToString"/>'s text; any other one says nothing.</summary>
    public static NamespaceMark Parse(string? text)
    {
        var at = text?.LastIndexOf('@') ?? -1;
        return at > 0 && uint.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var inode) && inode > 0
            ? new NamespaceMark(text![..at], inode)
            : None;
    }

    /// <summary>The kernel's file system of namespaces, of which there is one: looked up once, as a look at each of many namespaces would take twice as long.</summary>
    private static class KernelNamespaces
    {
        /// <summary>Its device; null where this process's own namespace can't be looked at.</summary>
        public static readonly ulong? Device = Find();

        private static ulong? Find()
        {
            try
            {
                return UnixFile.TryStat("/proc/self/ns/net", followLink: true)?.Device;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
