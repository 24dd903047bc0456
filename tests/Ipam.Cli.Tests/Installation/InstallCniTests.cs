using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Installation;

/// <summary><c>ipamctl install-cni</c> and <c>uninstall-cni</c> on a host that is a folder, with plugins that are scripts.</summary>
public sealed class InstallCniTests : CommandTest, IAsyncLifetime
{
    private const string Plugin = "#!/bin/sh\necho '{ \"cniVersion\": \"1.1.0\", \"supportedVersions\": [\"1.1.0\"] }'\n";
    private const string Network = """{ "cniVersion": "1.0.0", "name": "pods", "plugins": [{ "type": "net-ptp", "ipam": { "type": "ipam" } }] }""";

    private readonly TempFolder _host = new();
    private readonly TempFolder _source = new();
    private string? _conflist;

    private string Bin => _host.Combine("opt/cni/bin");

    private string Conf => _host.Combine("etc/cni/net.d");

    private string Installed => Path.Combine(Conf, "10-pods.conflist");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _host.Dispose();
        _source.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_installs_the_plugins_and_then_has_nothing_to_do()
    {
        Offer(Plugin);

        var first = await InstallAsync();
        Assert.Equal((0, "", "found no known runtime: plugins in /opt/cni/bin, network configurations in /etc/cni/net.d; installed /opt/cni/bin/ipam, /opt/cni/bin/net-ptp\n"), (first.ExitCode, first.Error, first.Output));
        Assert.Equal(["ipam", "net-ptp"], Names(Bin));
        Assert.Equal("755", Convert.ToString((int)File.GetUnixFileMode(Path.Combine(Bin, "ipam")), 8));
        var inode = Testing.Command.Run("stat", "-c", "%i", Path.Combine(Bin, "ipam"));

        Assert.EndsWith("; all is there\n", (await InstallAsync()).Output, StringComparison.Ordinal);
        Assert.Equal(inode, Testing.Command.Run("stat", "-c", "%i", Path.Combine(Bin, "ipam")));
    }

    [Fact]
    public async Task A_plugin_whose_answer_does_not_end_is_not_waited_for()
    {
        Offer($"#!/bin/sh\nsleep 60 &\n{Plugin["#!/bin/sh\n".Length..]}");

        var outcome = await InstallAsync().WaitAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("doesn't answer VERSION as a plugin does (no end of it within 10 s)", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Names(Bin));
    }

    [Fact]
    public async Task A_plugin_that_does_not_run_does_not_get_the_place_of_one_that_does()
    {
        Offer(Plugin);
        await InstallAsync();
        foreach (var broken in (string[])["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho '[]'\n", "no program"])
        {
            Offer(broken);
            var outcome = await InstallAsync();
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("/ipam.new.", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(Plugin, File.ReadAllText(Path.Combine(Bin, "ipam")));
            Assert.Equal(["ipam", "net-ptp"], Names(Bin));
        }
    }

    [Fact]
    public async Task Without_plugins_to_install_nothing_is_done()
    {
        var outcome = await InstallAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(_source.Combine("ipam"), outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Bin));
    }

    [Fact]
    public async Task What_killed_installers_left_goes_and_what_another_one_writes_stays()
    {
        Offer(Plugin);
        Directory.CreateDirectory(Bin);
        File.WriteAllText(Path.Combine(Bin, "ipam.new.old"), "half");
        File.SetLastWriteTimeUtc(Path.Combine(Bin, "ipam.new.old"), Now.UtcDateTime.AddMinutes(-3));
        File.WriteAllText(Path.Combine(Bin, "ipam.new.other"), "half");
        File.SetLastWriteTimeUtc(Path.Combine(Bin, "ipam.new.other"), Now.UtcDateTime.AddSeconds(-3));

        await InstallAsync();
        Assert.Equal(["ipam", "ipam.new.other", "net-ptp"], Names(Bin));
    }

    [Fact]
    public async Task Without_ipamd_the_plugins_are_there_and_the_conflist_is_not()
    {
        Time = TimeProvider.System;
        Offer(Plugin, Network);

        var outcome = await InstallAsync("--wait", "1");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("/etc/cni/net.d/10-pods.conflist is not installed: ipamd doesn't answer at /run/ipam/ipamd.sock within 1 s (", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["ipam", "net-ptp"], Names(Bin));
        Assert.False(File.Exists(Installed));
    }

    [Fact]
    public async Task A_conflist_of_somebody_else_stays()
    {
        Offer(Plugin, Network);
        Directory.CreateDirectory(Conf);
        File.WriteAllText(Installed, "the admin's");

        var outcome = await InstallAsync();

        Assert.Equal((0, "the admin's"), (outcome.ExitCode, File.ReadAllText(Installed)));
        Assert.Contains("is left as it is: somebody else put it there or changed it. --overwrite replaces it.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10-pods.txt", Network, "is no name that a runtime looks at; wanted is one that ends in .conflist, .conf, .json")]
    [InlineData("10-pods.conflist", "{", "can't be read as JSON: ")]
    [InlineData("10-pods.conflist", "{}", "is no network configuration: it has no \"name\"")]
    [InlineData("10-pods.conflist", """{ "name": "pods", "plugins": [{}] }""", "is no network configuration: it names no plugin")]
    public async Task A_conflist_that_no_runtime_could_use_is_refused(string name, string text, string why)
    {
        Offer(Plugin);
        _conflist = _source.Write(name, text);

        var outcome = await InstallAsync();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Bin));
    }

    [Theory]
    [InlineData("install-cni --bin-dir opt", "--bin-dir 'opt' must be a full path, as /opt/cni/bin is.")]
    [InlineData("install-cni --wait 0", "--wait '0' must be whole seconds from 1 to 3600.")]
    [InlineData("install-cni --repeat x", "--repeat 'x' must be whole seconds from 1 to 86400, or 0.")]
    public async Task A_wrong_option_is_named(string arguments, string why)
    {
        var outcome = await RunPlainAsync(arguments.Split(' '));
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_win_over_what_is_found()
    {
        var outcome = await RunPlainAsync("install-cni", "--host-root", _host.Path, "--bin-dir", "/a", "--dry-run");
        Assert.Equal((0, "found no known runtime: plugins in /a, network configurations in /etc/cni/net.d\n"), (outcome.ExitCode, outcome.Output));
        Assert.Empty(Directory.GetFileSystemEntries(_host.Path));
    }

    [Fact]
    public async Task It_is_not_removed_while_somebody_elses_network_uses_it()
    {
        Offer(Plugin);
        await InstallAsync();
        Directory.CreateDirectory(Conf);
        File.WriteAllText(Installed, Network);

        var refused = await UninstallAsync("--yes");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("not removed: 10-pods.conflist in /etc/cni/net.d names a plugin of ours", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["ipam", "net-ptp"], Names(Bin));

        Assert.Equal((0, "removed /opt/cni/bin/ipam, /opt/cni/bin/net-ptp\n"), await OutcomeAsync("--yes", "--force"));
        Assert.Empty(Names(Bin));
        Assert.True(File.Exists(Installed));
        Assert.Equal((0, "found no known runtime: nothing of ours is in /etc/cni/net.d or /opt/cni/bin\n"), await OutcomeAsync("--yes", "--force"));
    }

    [Fact]
    public async Task It_is_not_removed_without_a_yes()
    {
        Offer(Plugin);
        await InstallAsync();
        Assert.Equal(4, (await UninstallAsync()).ExitCode);
        Assert.Equal((0, "would remove /opt/cni/bin/ipam, /opt/cni/bin/net-ptp\n"), await OutcomeAsync("--dry-run"));
        Assert.Equal(["ipam", "net-ptp"], Names(Bin));
    }

    private void Offer(string plugin, string? conflist = null)
    {
        foreach (var name in (string[])["ipam", "net-ptp"])
            _source.Write(name, plugin);
        _conflist = conflist is null ? null : _source.Write("10-pods.conflist", conflist);
    }

    private Task<CliOutcome> InstallAsync(params string[] more) => RunPlainAsync(
        ["install-cni", "--host-root", _host.Path, "--from", _source.Path, .. _conflist is null ? (string[])[] : ["--conflist", _conflist], .. more]);

    private Task<CliOutcome> UninstallAsync(params string[] more) => RunPlainAsync(["uninstall-cni", "--host-root", _host.Path, .. more]);

    private async Task<(int, string)> OutcomeAsync(params string[] more)
    {
        var outcome = await UninstallAsync(more);
        return (outcome.ExitCode, outcome.Output);
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
