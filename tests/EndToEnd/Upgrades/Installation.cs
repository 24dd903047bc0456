using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Upgrades;

/// <summary>Plugin and ipamd of one build on a host, in whose place come those of another, by the installers that users have.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly InstalledHost _host = new();
    private readonly Build _first;
    private readonly Build _second;
    private readonly UpgradeWay _way;
    private readonly RestartedIpamd _ipamd;
    private (string Ipamd, string Plugin) _installed;

    public Installation(Site site, UpgradeWay way, Build first, Build second)
    {
        (_way, _first, _second) = (way, first, second);
        _ipamd = new RestartedIpamd(site, way == UpgradeWay.Pod ? new Build(Image).Ipamd : _host.Ipamd, keepsSocket: way == UpgradeWay.Socket);
    }

    public string Plugin => _host.Plugin;

    /// <summary>A link to the build that a pod is made of.</summary>
    private string Image => _host.PathOf("image");

    /// <summary>Installs the first build, and starts its ipamd.</summary>
    public async Task BeginAsync()
    {
        if (_way == UpgradeWay.Pod)
            InstallFromImage(_first);
        else
            _host.Install(_first);
        await _ipamd.StartAsync();
        _installed = Look();
    }

    /// <summary>Puts the second build in place of the first.</summary>
    public Task<Gap> UpgradeAsync() => ReplaceAsync(_second, () => _host.Install(_second));

    /// <summary>Puts the first build in place of the second.</summary>
    public Task<Gap> GoBackAsync() => ReplaceAsync(_first, () => _host.Run("install.sh", "--rollback"));

    public async ValueTask DisposeAsync()
    {
        await _ipamd.DisposeAsync();
        _host.Dispose();
    }

    private async Task<Gap> ReplaceAsync(Build build, Action install)
    {
        if (_way != UpgradeWay.Pod)
            install();
        var from = Stopwatch.GetTimestamp();
        await _ipamd.StopAsync();
        if (_way == UpgradeWay.Pod)
            InstallFromImage(build);
        await _ipamd.StartAsync();
        var gap = new Gap(from, Stopwatch.GetTimestamp());
        var (before, now) = (_installed, Look());
        Assert.True(before.Ipamd != now.Ipamd && before.Plugin != now.Plugin, $"{now} is installed, and {before} was before");
        _installed = now;
        return gap;
    }

    private void InstallFromImage(Build build)
    {
        Command.Run("ln", "-sfn", build.Folder, Image);
        Command.Run(new Build(Image).Ipamctl, "install-cni", "--host-root", _host.Root);
    }

    /// <summary>What runs, and what would.</summary>
    private (string Ipamd, string Plugin) Look() => (_ipamd.RunningFile, Command.Run("sha256sum", Plugin));
}

/// <summary>A time, in timestamps, from the end of one ipamd's service to when the next one serves.</summary>
internal readonly record struct Gap(long From, long To)
{
    public TimeSpan Length => Stopwatch.GetElapsedTime(From, To);

    /// <summary>Whether a call met it.</summary>
    public bool Meets(CommandOutcome call) => call.Began < To && call.Ended > From;
}
