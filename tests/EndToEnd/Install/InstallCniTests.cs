using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Install;

/// <summary>The published <c>ipamctl install-cni</c> with the published plugins, on a host that is a folder.</summary>
public sealed class InstallCniTests : WholeMachineTests, IDisposable
{
    private const string Network = """{ "cniVersion": "1.1.0", "name": "pods", "plugins": [{ "type": "net-ptp", "ipam": { "type": "ipam" } }] }""";

    private readonly Site _site = new();
    private readonly TempFolder _host = new();
    private readonly TempFolder _copy = new();
    private Build? _another;

    private string Plugin => _host.Combine("opt/cni/bin/ipam");

    /// <summary>Plugins that differ from those that were published.</summary>
    private string Another => (_another ??= Build.Published.CopyTo(_copy.Path)).PluginFolder;

    private string Conflist => _host.Combine("etc/cni/net.d/10-pods.conflist");

    public void Dispose()
    {
        _copy.Dispose();
        _host.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task Killed_at_any_instant_it_leaves_a_plugin_that_works()
    {
        Install(Repository.PluginFolder);
        var another = Another;
        var began = Stopwatch.GetTimestamp();
        Install(another);
        var whole = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        const int Kills = 20;
        for (var kill = 0; kill < Kills; kill++)
        {
            using (var installer = Start(kill % 2 == 0 ? Repository.PluginFolder : another))
            {
                await Task.Delay(whole * kill / Kills);
                installer.Kill();
                await installer.WaitForExitAsync();
            }
            EnsureWorks();
        }
        foreach (var unfinished in Unfinished())
            File.SetLastWriteTimeUtc(unfinished, DateTime.UtcNow.AddMinutes(-3));
        Install(Repository.PluginFolder);
        Assert.Empty(Unfinished());
        EnsureWorks();
    }

    [Fact]
    public async Task Installers_of_two_versions_at_once_leave_one_of_them()
    {
        var installers = Enumerable.Range(0, 4).Select(i => Start(i % 2 == 0 ? Repository.PluginFolder : Another)).ToArray();
        foreach (var installer in installers)
        {
            await installer.WaitForExitAsync();
            Assert.Equal(0, installer.ExitCode);
            installer.Dispose();
        }
        Assert.Empty(Unfinished());
        EnsureWorks();
    }

    [Fact]
    public async Task The_conflist_comes_when_ipamd_answers_comes_back_when_it_is_taken_away_and_goes_first()
    {
        var conflist = _host.Write("10-pods.conflist", Network);
        using var installer = Start(Repository.PluginFolder, "--conflist", conflist, "--socket", "/run/ipamd.sock", "--wait", "60", "--repeat", "1");
        await Wait.UntilAsync(() => File.Exists(_host.Combine("opt/cni/bin/net-ptp")), "the plugins");
        Assert.False(File.Exists(Conflist));
        // Where the installer finds it: on its host.
        var socket = _host.Combine("run/ipamd.sock");
        await using var ipamd = Ipamd.Launch(_site, "--socket", socket);
        await Wait.UntilAsync(() => File.Exists(Conflist), "the conflist");
        Assert.Equal(Network, File.ReadAllText(Conflist));

        File.Delete(Conflist);
        File.Delete(Plugin);
        await Wait.UntilAsync(() => File.Exists(Conflist), "the conflist, once more,");
        EnsureWorks();
        Command.Run("kill", "-TERM", $"{installer.Id}");
        await installer.WaitForExitAsync();
        Assert.Equal(0, installer.ExitCode);

        var removed = Command.Run(Repository.Ipamctl, "uninstall-cni", "--host-root", _host.Path, "--yes");
        Assert.Equal("removed /etc/cni/net.d/10-pods.conflist, /opt/cni/bin/ipam, /opt/cni/bin/net-ptp\n", removed);
        Assert.Empty(Directory.GetFiles(_host.Combine("etc/cni/net.d")));
        Assert.Empty(Directory.GetFiles(_host.Combine("opt/cni/bin")));
    }

    [Fact]
    public async Task A_new_conflist_replaces_ours_and_not_one_that_was_changed()
    {
        await using var ipamd = Ipamd.Launch(_site);
        var conflist = _host.Write("10-pods.conflist", Network);
        string[] options = ["--conflist", conflist, "--host-root", "/", "--bin-dir", _host.Combine("opt/cni/bin"), "--conf-dir", _host.Combine("etc/cni/net.d"), "--socket", _site.Socket];
        Install(Repository.PluginFolder, options);

        File.WriteAllText(conflist, Network.Replace("net-ptp", "bridge", StringComparison.Ordinal));
        Assert.Contains("names plugins that are not in ", Install(Repository.PluginFolder, options).Stderr, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(conflist), File.ReadAllText(Conflist));

        File.AppendAllText(Conflist, "\n");
        Assert.Contains("is left as it is", Install(Repository.PluginFolder, options).Stderr, StringComparison.Ordinal);
        Install(Repository.PluginFolder, [.. options, "--overwrite"]);
        Assert.Equal(File.ReadAllText(conflist), File.ReadAllText(Conflist));
    }

    private void EnsureWorks() =>
        Assert.Contains("supportedVersions", Command.Run("sh", "-c", $"echo '{{\"cniVersion\":\"1.1.0\"}}' | CNI_COMMAND=VERSION {Plugin}"), StringComparison.Ordinal);

    private string[] Unfinished() => Directory.GetFiles(_host.Path, "*.new.*", SearchOption.AllDirectories);

    private CommandOutcome Install(string source, params string[] more)
    {
        var outcome = Command.Run(StartOf(source, more), "", Command.DefaultPatience);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome;
    }

    private Process Start(string source, params string[] more)
    {
        var start = StartOf(source, more);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return Process.Start(start)!;
    }

    private ProcessStartInfo StartOf(string source, string[] more)
    {
        string[] standard = more.Contains("--host-root") ? [] : ["--host-root", _host.Path];
        return new(Repository.Ipamctl, ["install-cni", .. standard, "--from", source, .. more]);
    }
}
