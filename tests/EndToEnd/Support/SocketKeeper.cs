using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Support;

/// <summary>
/// Keeps a site's socket while ipamds come and go, as systemd does. It is systemd's own systemd-socket-activate that listens; at the first connection it becomes a shell, which
/// hands the socket over to one ipamd after the other.
/// </summary>
internal sealed class SocketKeeper : IAsyncDisposable
{
    /// <summary>For each line of its input it runs ipamd once. It writes where ipamd writes its log, as lines of two streams may be read in another order.</summary>
    private const string Script = """
        while read -r _; do
          (export LISTEN_PID=$BASHPID; echo "ipamd has the number $BASHPID" >&2; exec "$@")
          echo "ipamd ended with $?" >&2
        done
        """;

    private readonly Process _process;

    private SocketKeeper(Process process)
    {
        _process = process;
        Log = new ProcessLog(process);
    }

    public ProcessLog Log { get; }

    /// <summary>The number of the ipamd that runs.</summary>
    public int IpamdId { get; private set; }

    /// <summary>Listens, and starts nothing yet.</summary>
    public static SocketKeeper Launch(Site site) => Launch(site, Repository.Ipamd);

    /// <summary>The same, for ipamds that this path leads to when they are started.</summary>
    public static SocketKeeper Launch(Site site, string ipamd)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(site.Socket)!);
        string[] variables = Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? [$"--setenv=DOTNET_ROOT={root}"] : [];
        var start = new ProcessStartInfo(Programs.Find("systemd-socket-activate")!,
        [
            .. variables, $"--listen={site.Socket}", "/bin/bash", "-c", Script, "keeper",
            ipamd, .. Ipamd.StandardOptions(site),
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new SocketKeeper(Process.Start(start)!);
    }

    /// <summary>Waits until it listens.</summary>
    public async Task WaitAsync() => await Log.WaitForAsync("Listening on");

    /// <summary>Starts an ipamd, and waits until it serves. The first one starts when somebody connects.</summary>
    public async Task StartIpamdAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        IpamdId = await NumberAsync("ipamd has the number ");
        await Log.WaitForAsync("store opened");
    }

    /// <summary>Asks the ipamd to stop, and waits for its end; returns its exit code.</summary>
    public async Task<int> StopIpamdAsync()
    {
        Command.Run("kill", "-TERM", $"{IpamdId}");
        return await NumberAsync("ipamd ended with ");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A number that the script writes. Its text is in the log as well.</summary>
    private async Task<int> NumberAsync(string before)
    {
        var line = await Log.WaitForAsync(line => line.StartsWith(before, StringComparison.Ordinal), $"a line that begins with '{before}'");
        return int.Parse(line.AsSpan(before.Length), CultureInfo.InvariantCulture);
    }
}
