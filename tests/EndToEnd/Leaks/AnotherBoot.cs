using EndToEnd.Support;

namespace EndToEnd.Leaks;

/// <summary>
/// Another boot of the machine, for a node: programs that are started by it read another boot id, in a mount namespace of their own into which the containers' namespaces
/// come through.
/// </summary>
internal sealed class AnotherBoot
{
    private readonly Site _site;
    private readonly string _id;

    public AnotherBoot(Site site)
    {
        _site = site;
        _id = site.Write("boot-id", $"{Guid.NewGuid()}\n");
        // Once: nobody can run a file that somebody has open to write it.
        Plugin = site.Write("ipam-of-this-boot", $"""
            #!/bin/sh
            read ipamd < {site.PathOf("ipamd-of-this-boot")}
            exec nsenter --mount=/proc/$ipamd/ns/mnt {Repository.Ipam}

            """);
        File.SetUnixFileMode(Plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>What ipamd is started by.</summary>
    public IReadOnlyList<string> Launcher =>
        ["unshare", "--mount", "--propagation", "slave", "sh", "-c", "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"", _id];

    /// <summary>The plugin, as this boot's runtime starts it once ipamd runs.</summary>
    public string Plugin { get; }

    /// <summary>The process of ipamd by now.</summary>
    public void Runs(int ipamd) => _site.Write("ipamd-of-this-boot", $"{ipamd}\n");
}
