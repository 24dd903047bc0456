using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Install;

/// <summary>deploy/systemd/install.sh, into a folder in place of the host.</summary>
[Collection(WholeMachine.Name)]
public sealed class InstallTests : IDisposable
{
    private readonly TempFolder _host = new();

    private string Lib => _host.Combine("usr/local/lib/ipamsuite");

    private string Plugin => _host.Combine("opt/cni/bin/ipam");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_installs_upgrades_goes_back_and_removes()
    {
        Install();
        var first = Target("current");
        Assert.Matches(@"^versions/\d+\.\d+\.\d+-[0-9a-f]{12}$", first);
        Assert.StartsWith("ipamctl ", Command.Run(_host.Combine("usr/local/lib/ipamsuite/current/ipamctl/ipamctl"), "--version"), StringComparison.Ordinal);
        Assert.Equal("/usr/local/lib/ipamsuite/current/ipamctl/ipamctl", new FileInfo(_host.Combine("usr/local/bin/ipamctl")).LinkTarget);
        Assert.Contains("ExecStart=/usr/local/lib/ipamsuite/current/ipamd/ipamd\n", File.ReadAllText(_host.Combine("etc/systemd/system/ipamd.service")), StringComparison.Ordinal);
        Assert.Contains("ListenStream=/run/ipam/ipamd.sock\n", File.ReadAllText(_host.Combine("etc/systemd/system/ipamd.socket")), StringComparison.Ordinal);
        Assert.Contains("ipamctl lease list", File.ReadAllText(_host.Combine("usr/local/share/man/man1/ipamctl-lease-list.1")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Lib, "*.pdb", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Lib, "*.xml", SearchOption.AllDirectories));
        var inode = Inode();

        Install();
        Assert.Equal((first, inode), (Target("current"), Inode()));
        Assert.False(Directory.Exists(Path.Combine(Lib, "previous")));

        Install(another: true);
        var second = Target("current");
        Assert.NotEqual(first, second);
        Assert.Equal(first, Target("previous"));
        Run("install.sh", "--rollback");
        Assert.Equal((first, second), (Target("current"), Target("previous")));

        Run("uninstall.sh");
        Assert.False(Directory.Exists(Lib));
        Assert.All(Directory.GetFiles(_host.Path, "*", SearchOption.AllDirectories), file => Assert.StartsWith(_host.Combine("another/"), file, StringComparison.Ordinal));
    }

    /// <summary>systemd finds nothing wrong with what was installed. Its own targets are stand-ins: a host needn't run it.</summary>
    [RequiresFact("systemd-analyze")]
    public void The_units_are_good()
    {
        Install();
        foreach (var standard in (string[])["sysinit", "basic", "shutdown", "sockets", "multi-user"])
            File.WriteAllText(_host.Combine($"etc/systemd/system/{standard}.target"), "[Unit]\n");
        var verified = Command.TryRun("systemd-analyze", "verify", $"--root={_host.Path}", "--man=no", "ipamd.socket", "ipamd.service");

        Assert.Equal((0, ""), (verified.ExitCode, verified.Stderr));
    }

    [Fact]
    public void It_is_not_removed_while_a_network_uses_it()
    {
        Install();
        Directory.CreateDirectory(_host.Combine("etc/cni/net.d"));
        File.WriteAllText(_host.Combine("etc/cni/net.d/10-pods.conflist"), """{ "plugins": [{ "type": "bridge", "ipam": { "type": "ipam" } }] }""");

        var refused = TryRun("uninstall.sh");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("10-pods.conflist", refused.Stderr, StringComparison.Ordinal);
        Assert.True(File.Exists(Plugin));
        Run("uninstall.sh", "--force");
        Assert.False(File.Exists(Plugin));
    }

    [Fact]
    public void Without_published_programs_it_says_what_to_do()
    {
        var refused = TryRun("install.sh", artifacts: _host.Combine("none"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("run 'make publish' first", refused.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_any_instant_it_leaves_a_plugin_and_a_program_that_work()
    {
        Install();
        var random = new Random(7);
        for (var kill = 0; kill < 25; kill++)
        {
            using (var installer = Start("install.sh", kill % 2 == 0 ? Another() : Repository.Artifacts))
            {
                await Task.Delay(random.Next(0, 400));
                Command.Run("sh", "-c", $"kill -9 -{installer.Id} 2>/dev/null || true");
                await installer.WaitForExitAsync();
            }
            Assert.Contains("supportedVersions", Command.Run("sh", "-c", $"echo '{{\"cniVersion\":\"1.1.0\"}}' | CNI_COMMAND=VERSION {Plugin}"), StringComparison.Ordinal);
            Assert.StartsWith("ipamd ", Command.Run($"{Lib}/current/ipamd/ipamd", "--version"), StringComparison.Ordinal);
        }
        Install();
        Assert.Empty(Directory.GetFileSystemEntries(_host.Path, "*.new.*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task No_call_fails_while_it_upgrades_and_goes_back_under_load()
    {
        Install();
        using var site = new Site();
        var network = new NetworkConfig("upgrade") { Ipam = """ "ranges": [[{ "subnet": "10.63.0.0/24" }]] """, Wait = 15 };
        Ipamd Launch() => Ipamd.Launch(site, new ProcessStartInfo($"{Lib}/current/ipamd/ipamd", ["--store", site.Store, "--socket", site.Socket, "--spool", site.Spool, "--node", "here"]));
        var ipamd = Launch();
        var traffic = new Traffic(4, container =>
        {
            foreach (var verb in (string[])["ADD", "STATUS", "DEL"])
                CniPlugin.Run(Plugin, new CniCall(verb) { ContainerId = container, Stdin = network.Json(site) }).EnsureSuccess();
        });
        try
        {
            for (var change = 0; change < 6; change++)
            {
                if (change == 0)
                    Install(another: true);
                else
                    Run("install.sh", "--rollback");
                await ipamd.StopAsync();
                await ipamd.DisposeAsync();
                ipamd = Launch();
                await traffic.SeeAsync(4);
            }
        }
        finally
        {
            await traffic.StopAsync();
            await ipamd.DisposeAsync();
        }
    }

    private string Target(string link) => new DirectoryInfo(Path.Combine(Lib, link)).LinkTarget!;

    private string Inode() => Command.Run("stat", "-c", "%i", Plugin);

    private void Install(bool another = false)
    {
        var outcome = TryRun("install.sh", another ? Another() : Repository.Artifacts);
        Assert.True(outcome.ExitCode == 0, outcome.Stderr);
    }

    /// <summary>The published programs, and something by which they differ.</summary>
    private string Another()
    {
        var copy = _host.Combine("another");
        if (!Directory.Exists(copy))
        {
            Directory.CreateDirectory(copy);
            Command.Run("cp", "-a", $"{Repository.Artifacts}/cni", $"{Repository.Artifacts}/ipamd", $"{Repository.Artifacts}/ipamctl", copy);
            File.WriteAllText($"{copy}/ipamd/note", "another");
        }
        return copy;
    }

    private void Run(string script, params string[] arguments)
    {
        var outcome = TryRun(script, Repository.Artifacts, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Stderr);
    }

    private CommandOutcome TryRun(string script, string? artifacts = null, params string[] arguments) =>
        Command.Run(StartOf(script, artifacts ?? Repository.Artifacts, arguments), "", Command.DefaultPatience);

    /// <summary>Starts it as the leader of a group, so that all of it can be killed.</summary>
    private Process Start(string script, string artifacts)
    {
        var start = StartOf(script, artifacts, []);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        return Process.Start(start)!;
    }

    private ProcessStartInfo StartOf(string script, string artifacts, string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathOf($"deploy/systemd/{script}"), arguments);
        start.Environment["DESTDIR"] = _host.Path;
        start.Environment["ARTIFACTS"] = artifacts;
        return start;
    }
}
