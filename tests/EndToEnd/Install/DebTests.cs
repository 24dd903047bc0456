using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Install;

/// <summary>The Debian package, installed by dpkg into a folder in place of the host. systemd doesn't run there.</summary>
public sealed class DebTests : WholeMachineTests, IClassFixture<DebTests.Package>, IDisposable
{
    private readonly Package _package;
    private readonly TempFolder _host = new();

    public DebTests(Package package)
    {
        _package = package;
        foreach (var folder in (string[])["updates", "info"])
            Directory.CreateDirectory(_host.Combine($"var/lib/dpkg/{folder}"));
        _host.Write("var/lib/dpkg/status", "");
    }

    private string Plugin => _host.Combine("usr/lib/cni/ipam");

    public void Dispose() => _host.Dispose();

    [RootFact("dpkg-deb", "dpkg")]
    public void It_installs_programs_plugins_units_pages_completion_and_licences_and_a_purge_leaves_nothing()
    {
        var before = Files();
        Dpkg("--install", _package.Path);

        Assert.StartsWith("ipamctl ", Command.Run(_host.Combine("usr/bin/ipamctl"), "--version"), StringComparison.Ordinal);
        Assert.StartsWith("ipamd ", Command.Run(_host.Combine("usr/sbin/ipamd"), "--version"), StringComparison.Ordinal);
        Assert.Contains("--allow-anyone", Command.Run(_host.Combine("usr/bin/ipam-web"), "--help"), StringComparison.Ordinal);
        foreach (var plugin in (string[])[Plugin, _host.Combine("opt/cni/bin/ipam"), _host.Combine("opt/cni/bin/net-ptp")])
            EnsureWorks(plugin);
        Assert.Contains("\nExecStart=/usr/lib/ipamsuite/ipamd/ipamd\n", Text("usr/lib/systemd/system/ipamd.service"), StringComparison.Ordinal);
        Assert.True(Exists("etc/systemd/system/sockets.target.wants/ipamd.socket"));
        Assert.True(Exists("etc/systemd/system/multi-user.target.wants/ipamd.service"));
        Assert.Contains("lease list", Command.Run("zcat", _host.Combine("usr/share/man/man1/ipamctl-lease-list.1.gz")), StringComparison.Ordinal);
        Assert.Contains("\\-\\-node\\-labels", Command.Run("zcat", _host.Combine("usr/share/man/man8/ipamd.8.gz")), StringComparison.Ordinal);
        Command.Run("bash", "-n", _host.Combine("usr/share/bash-completion/completions/ipamctl"));
        Assert.StartsWith("#compdef ipamctl\n", Text("usr/share/zsh/vendor-completions/_ipamctl"), StringComparison.Ordinal);
        Assert.Contains("complete -c ipamctl", Text("usr/share/fish/vendor_completions.d/ipamctl.fish"), StringComparison.Ordinal);
        Assert.Contains(RepositoryRoot.Read("licenses/MIT.txt"), Text("usr/share/doc/ipamsuite/copyright"), StringComparison.Ordinal);
        Assert.Equal("", Command.Run("dpkg", $"--root={_host.Path}", "--verify", "ipamsuite"));

        Directory.CreateDirectory(_host.Combine("var/lib/ipam/spool"));
        Dpkg("--purge", "ipamsuite");
        Assert.Equal(before, Files());
    }

    [RootFact("dpkg-deb", "dpkg", "systemd-analyze")]
    public void The_units_are_good()
    {
        Dpkg("--install", _package.Path);
        foreach (var standard in (string[])["sysinit", "basic", "shutdown", "sockets", "multi-user"])
            File.WriteAllText(_host.Combine($"usr/lib/systemd/system/{standard}.target"), "[Unit]\n");
        var verified = Command.TryRun("systemd-analyze", "verify", $"--root={_host.Path}", "--man=no", "ipamd.socket", "ipamd.service");

        Assert.Equal((0, ""), (verified.ExitCode, verified.Stderr));
    }

    [RootFact("dpkg-deb", "dpkg")]
    public async Task An_upgrade_leaves_an_ipamd_that_runs_alone_and_a_plugin_at_every_instant()
    {
        Dpkg("--install", _package.Path);
        using var site = new Site();
        var network = new NetworkConfig("deb") { Ipam = """ "ranges": [[{ "subnet": "10.64.0.0/24" }]] """ };
        await using var ipamd = Ipamd.Launch(site, new ProcessStartInfo(_host.Combine("usr/sbin/ipamd"), ["--store", site.Store, "--socket", site.Socket, "--spool", site.Spool, "--node", "here"]));
        await ipamd.Log.WaitForAsync("store opened");
        var traffic = new Traffic(2, container =>
        {
            foreach (var verb in (string[])["ADD", "STATUS", "DEL"])
                CniPlugin.Run(Plugin, new CniCall(verb) { ContainerId = container, Stdin = network.Json(site) }).EnsureSuccess();
        });
        try
        {
            await traffic.SeeAsync(2);
            Dpkg("--install", _package.Path);
            await traffic.SeeAsync(2);
        }
        finally
        {
            await traffic.StopAsync();
        }
        Assert.Equal(0, await ipamd.StopAsync());
    }

    [RootFact("dpkg-deb", "dpkg")]
    public void Leases_stay_while_a_network_names_a_plugin_and_what_make_install_put_there_is_not_overlaid()
    {
        Directory.CreateDirectory(_host.Combine("etc/systemd/system"));
        File.WriteAllText(_host.Combine("etc/systemd/system/ipamd.service"), "[Service]\n");
        var refused = TryDpkg("--install", _package.Path);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("remove that first: deploy/systemd/uninstall.sh", refused.Stderr, StringComparison.Ordinal);
        File.Delete(_host.Combine("etc/systemd/system/ipamd.service"));

        Dpkg("--install", _package.Path);
        Directory.CreateDirectory(_host.Combine("var/lib/ipam"));
        Directory.CreateDirectory(_host.Combine("etc/cni/net.d"));
        File.WriteAllText(_host.Combine("etc/cni/net.d/10-pods.conflist"), """{ "plugins": [{ "type": "bridge", "ipam": { "type": "ipam" } }] }""");
        Dpkg("--purge", "ipamsuite");
        Assert.True(Directory.Exists(_host.Combine("var/lib/ipam")));
        Assert.False(File.Exists(Plugin));
    }

    private static void EnsureWorks(string plugin) =>
        Assert.Contains("supportedVersions", Command.Run("sh", "-c", $"echo '{{\"cniVersion\":\"1.1.0\"}}' | CNI_COMMAND=VERSION {plugin}"), StringComparison.Ordinal);

    private string Text(string name) => File.ReadAllText(_host.Combine(name));

    private bool Exists(string link) => new FileInfo(_host.Combine(link)).LinkTarget is not null;

    /// <summary>All files and links, but for what dpkg keeps about itself, and folders of our own. Those of the system may be there afterwards.</summary>
    private string[] Files() =>
    [
        .. Directory.GetFileSystemEntries(_host.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_host.Path, path))
            .Where(static path => !path.StartsWith("var/lib/dpkg", StringComparison.Ordinal) && path != "var/log/dpkg.log")
            .Where(path => path.Contains("ipam", StringComparison.Ordinal) || !Directory.Exists(_host.Combine(path)))
            .Order(StringComparer.Ordinal),
    ];

    private void Dpkg(params string[] arguments)
    {
        var outcome = TryDpkg(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    /// <summary>The folder has no shell of its own for the package's scripts, and no other packages.</summary>
    private CommandOutcome TryDpkg(params string[] arguments) => Command.Run(
        new ProcessStartInfo("dpkg", [$"--root={_host.Path}", "--force-script-chrootless", "--force-depends", .. arguments]), "", TimeSpan.FromMinutes(3));

    /// <summary>The package, built once of what was published.</summary>
    public sealed class Package : IDisposable
    {
        private readonly TempFolder _folder = new();
        private string? _path;

        /// <summary>The file.</summary>
        public string Path => _path ??= Build();

        public void Dispose() => _folder.Dispose();

        private string Build()
        {
            Run(new ProcessStartInfo(RepositoryRoot.PathOf("eng/notice.sh")));
            var build = new ProcessStartInfo(RepositoryRoot.PathOf("deploy/deb/build.sh"));
            build.Environment["OUT"] = _folder.Path;
            return Run(build).Split(' ', '\n')[1];
        }

        private static string Run(ProcessStartInfo start)
        {
            var outcome = Command.Run(start, "", TimeSpan.FromMinutes(5));
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            return outcome.Stdout;
        }
    }
}
