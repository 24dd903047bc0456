using System.Diagnostics;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Install;

/// <summary>deploy/systemd/install.sh, into a folder in place of the host.</summary>
public sealed partial class InstallTests : WholeMachineTests, IDisposable
{
    private readonly InstalledHost _host = new();
    private readonly TempFolder _copy = new();
    private Build? _another;

    /// <summary>The published programs, and something by which they differ.</summary>
    private Build Another => _another ??= Build.Published.CopyTo(_copy.Path);

    public void Dispose()
    {
        _copy.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void It_installs_upgrades_goes_back_and_removes()
    {
        _host.Install();
        var first = _host.Target("current");
        Assert.Matches(@"^versions/\d+\.\d+\.\d+-[0-9a-f]{12}$", first);
        Assert.StartsWith("ipamctl ", Command.Run(_host.PathOf("usr/local/lib/ipamsuite/current/ipamctl/ipamctl"), "--version"), StringComparison.Ordinal);
        Assert.Equal("/usr/local/lib/ipamsuite/current/ipamctl/ipamctl", new FileInfo(_host.PathOf("usr/local/bin/ipamctl")).LinkTarget);
        Assert.Equal("/usr/local/lib/ipamsuite/current/ipam-web/ipam-web", PageLink());
        Assert.Contains("ExecStart=/usr/local/lib/ipamsuite/current/ipamd/ipamd\n", File.ReadAllText(_host.PathOf("etc/systemd/system/ipamd.service")), StringComparison.Ordinal);
        Assert.Contains("ListenStream=/run/ipam/ipamd.sock\n", File.ReadAllText(_host.PathOf("etc/systemd/system/ipamd.socket")), StringComparison.Ordinal);
        Assert.Contains("ipamctl lease list", File.ReadAllText(_host.PathOf("usr/local/share/man/man1/ipamctl-lease-list.1")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_host.Lib, "*.pdb", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_host.Lib, "*.xml", SearchOption.AllDirectories));
        var inode = Inode();

        _host.Install();
        Assert.Equal((first, inode), (_host.Target("current"), Inode()));
        Assert.False(Directory.Exists(Path.Combine(_host.Lib, "previous")));

        _host.Install(Another);
        var second = _host.Target("current");
        Assert.NotEqual(first, second);
        Assert.Equal(first, _host.Target("previous"));
        // That one has no page, as versions before there was one.
        Assert.Null(PageLink());
        _host.Run("install.sh", "--rollback");
        Assert.NotNull(PageLink());
        Assert.Equal((first, second), (_host.Target("current"), _host.Target("previous")));

        _host.Run("uninstall.sh");
        Assert.False(Directory.Exists(_host.Lib));
        Assert.Empty(Directory.GetFiles(_host.Root, "*", SearchOption.AllDirectories));
    }

    private string? PageLink() => new FileInfo(_host.PathOf("usr/local/bin/ipam-web")).LinkTarget;

    /// <summary>systemd finds nothing wrong with what was installed. Its own targets are stand-ins: a host needn't run it.</summary>
    [RequiresFact("systemd-analyze")]
    public void The_units_are_good()
    {
        _host.Install();
        foreach (var standard in (string[])["sysinit", "basic", "shutdown", "sockets", "multi-user"])
            File.WriteAllText(_host.PathOf($"etc/systemd/system/{standard}.target"), "[Unit]\n");
        var verified = Command.TryRun("systemd-analyze", "verify", $"--root={_host.Root}", "--man=no", "ipamd.socket", "ipamd.service");

        Assert.Equal((0, ""), (verified.ExitCode, verified.Stderr));
    }

    [RequiresFact("systemd-analyze")]
    public void The_service_is_not_more_exposed_than_the_documents_say()
    {
        var exposure = Exposure().Match(RepositoryRoot.Read("docs/security.md")).Groups;
        var tenths = $"{exposure["ones"]}{exposure["tenths"]}";

        Command.Run("systemd-analyze", "security", "--offline=yes", "--no-pager", $"--threshold={tenths}", RepositoryRoot.PathOf("deploy/systemd/ipamd.service"));
    }

    [Fact]
    public void It_is_not_removed_while_a_network_uses_it()
    {
        _host.Install();
        Directory.CreateDirectory(_host.PathOf("etc/cni/net.d"));
        File.WriteAllText(_host.PathOf("etc/cni/net.d/10-pods.conflist"), """{ "plugins": [{ "type": "bridge", "ipam": { "type": "ipam" } }] }""");

        var refused = _host.TryRun("uninstall.sh");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("10-pods.conflist", refused.Stderr, StringComparison.Ordinal);
        Assert.True(File.Exists(_host.Plugin));
        _host.Run("uninstall.sh", "--force");
        Assert.False(File.Exists(_host.Plugin));
    }

    [Fact]
    public void Without_published_programs_it_says_what_to_do()
    {
        var refused = _host.TryRun("install.sh", new Build(_host.PathOf("none")));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("run 'make publish' first", refused.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_any_instant_it_leaves_a_plugin_and_a_program_that_work()
    {
        _host.Install();
        var random = new Random(7);
        for (var kill = 0; kill < 25; kill++)
        {
            using (var installer = Start("install.sh", kill % 2 == 0 ? Another : Build.Published))
            {
                await Task.Delay(random.Next(0, 400));
                Command.Run("sh", "-c", $"kill -9 -{installer.Id} 2>/dev/null || true");
                await installer.WaitForExitAsync();
            }
            Assert.Contains("supportedVersions", Command.Run("sh", "-c", $"echo '{{\"cniVersion\":\"1.1.0\"}}' | CNI_COMMAND=VERSION {_host.Plugin}"), StringComparison.Ordinal);
            Assert.StartsWith("ipamd ", Command.Run(_host.Ipamd, "--version"), StringComparison.Ordinal);
        }
        _host.Install();
        Assert.Empty(Directory.GetFileSystemEntries(_host.Root, "*.new.*", SearchOption.AllDirectories));
    }

    private string Inode() => Command.Run("stat", "-c", "%i", _host.Plugin);

    /// <summary>Starts it as the leader of a group, so that all of it can be killed.</summary>
    private Process Start(string script, Build build)
    {
        var start = _host.StartOf(script, build);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"an exposure level of (?<ones>\d)\.(?<tenths>\d)")]
    private static partial Regex Exposure();
}
