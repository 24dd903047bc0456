using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>A running ipamd.</summary>
internal sealed class Ipamd : IAsyncDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private Ipamd(Site site, Process process, ProcessLog log)
    {
        Site = site;
        _process = process;
        Log = log;
        Http = new ServiceHttp(site.Socket);
    }

    public Site Site { get; }

    public ProcessLog Log { get; }

    public ServiceHttp Http { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it on a site and waits until it is ready.</summary>
    public static Task<Ipamd> StartAsync(Site site, params string[] more) => StartAsync(site, [], more);

    /// <summary>The same with variables of its own (NAME=VALUE), and behind these a program that starts it: as env(1) takes them.</summary>
    public static async Task<Ipamd> StartAsync(Site site, IReadOnlyList<string> variables, string[] more)
    {
        var ipamd = Launch(site, variables, more);
        await ipamd.Log.WaitForAsync("store opened");
        Assert.Equal("ready\n", await ipamd.Http.GetAsync("/readyz"));
        return ipamd;
    }

    /// <summary>Starts it, whatever comes of it. Flags that are named in <paramref name="more"/> are not given twice.</summary>
    public static Ipamd Launch(Site site, params string[] more) => Launch(site, [], more);

    /// <summary>Starts it with variables of its own (NAME=VALUE), and behind these a program that starts it: as env(1) takes them.</summary>
    public static Ipamd Launch(Site site, IReadOnlyList<string> variables, string[] more)
    {
        var arguments = StandardOptions(site).Chunk(2).Where(pair => !more.Contains(pair[0])).SelectMany(static pair => pair).Concat(more);
        // A shell's background job, and all it starts, ignores SIGINT; the service must not have that from whoever started the tests.
        return Launch(site, new ProcessStartInfo("env", ["--default-signal=INT", .. variables, Repository.Ipamd, .. arguments]));
    }

    /// <summary>The flags of an ipamd on a site.</summary>
    public static string[] StandardOptions(Site site) => ["--store", site.Store, "--socket", site.Socket, "--spool", site.Spool, "--node", "here"];

    /// <summary>Starts it with arguments and environment of one's own.</summary>
    public static Ipamd Launch(Site site, ProcessStartInfo start)
    {
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        return new Ipamd(site, process, new ProcessLog(process));
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process.Id}");

    /// <summary>Asks it to stop; returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal("TERM");
        return ExitAsync();
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task<int> KillAsync()
    {
        _process.Kill();
        return ExitAsync();
    }

    /// <summary>Waits for its end; returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Command.DefaultPatience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            await KillAsync();
        Http.Dispose();
        _process.Dispose();
    }
}
