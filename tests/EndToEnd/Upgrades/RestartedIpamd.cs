using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Upgrades;

/// <summary>One ipamd after the other on a site, each of them what a path leads to when it is started.</summary>
internal sealed class RestartedIpamd(Site site, string path, bool keepsSocket) : IAsyncDisposable
{
    private SocketKeeper? _keeper;
    private Ipamd? _ipamd;

    /// <summary>The file that the one that runs was started from.</summary>
    public string RunningFile
    {
        get
        {
            using var process = Process.GetProcessById(_keeper?.IpamdId ?? _ipamd!.ProcessId);
            return process.MainModule!.FileName;
        }
    }

    /// <summary>Starts one, and waits until it serves.</summary>
    public async Task StartAsync()
    {
        if (!keepsSocket)
        {
            _ipamd = Ipamd.Launch(site, new ProcessStartInfo(path, Ipamd.StandardOptions(site)));
            await _ipamd.Log.WaitForAsync("store opened");
            return;
        }
        if (_keeper is null)
        {
            _keeper = SocketKeeper.Launch(site, path);
            await _keeper.WaitAsync();
            using var http = new ServiceHttp(site.Socket);
            var first = http.GetAsync("/healthz");
            await _keeper.StartIpamdAsync();
            await first;
            return;
        }
        await _keeper.StartIpamdAsync();
    }

    /// <summary>Asks it to stop, and waits for its end.</summary>
    public async Task StopAsync()
    {
        Assert.Equal(0, await (_keeper?.StopIpamdAsync() ?? _ipamd!.StopAsync()));
        await (_ipamd?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await (_keeper?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_ipamd?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
